"""Every planted fault, in the order in which they are planted."""

from __future__ import annotations

from generator import (
    faults_across,
    faults_cadastral,
    faults_civil_defence,
    faults_green,
    faults_intake,
    faults_planning,
    faults_property,
)
from generator.faults import Fault

FAULTS: list[Fault] = [
    *faults_planning.FAULTS,
    *faults_green.FAULTS,
    *faults_civil_defence.FAULTS,
    *faults_cadastral.FAULTS,
    *faults_property.FAULTS,
    *faults_across.FAULTS,
    *faults_intake.FAULTS,
]
