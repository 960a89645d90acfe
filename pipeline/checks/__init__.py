"""The vocabulary of checks: what a rule's `check:` may name. An explicit table: no registration magic."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.checks import (
    accuracy,
    attributes,
    boundary,
    caps,
    clearance,
    crosswise,
    declared,
    distances,
    geometry,
    intake,
    links,
    permit,
    shares,
    sums,
    topology,
)
from pipeline.model import CheckResult

CHECKS: dict[str, Callable[..., CheckResult]] = {
    check.__name__: check
    for check in (
        accuracy.within_class, accuracy.spacing_within_class, accuracy.mean_within_class,
        attributes.present, attributes.required, attributes.unique, attributes.matches, attributes.in_codes,
        attributes.numeric_range, attributes.half_width, attributes.starts_with, attributes.code_structure,
        attributes.consecutive, attributes.factor_agrees, attributes.zero_below,
        boundary.vertices_have_points, boundary.points_on_vertices, boundary.edges_have_lines,
        boundary.lines_on_edges, boundary.numbered_from_nw,
        caps.at_most_by_owner, caps.divided_above_cap, caps.share_at_most,
        clearance.no_narrow_parts, clearance.at_most_wide, clearance.nearest_is_drawn,
        crosswise.same_set, crosswise.same_value, crosswise.total_agrees, crosswise.footprint_agrees,
        crosswise.same_corner,
        declared.equals_text, declared.begins_with, declared.word_part_equals, declared.word_demands,
        distances.difference_within, distances.length_at_least, distances.ends_on, distances.is_shortest,
        distances.stays_within, distances.no_encroachment, distances.clear_of, distances.min_width,
        distances.free_of_points,
        geometry.is_valid, geometry.single_part, geometry.is_simple, geometry.min_area,
        geometry.no_repeated_vertices, geometry.min_edge, geometry.no_spikes,
        intake.noted,
        links.refers_to, links.has_at_least, links.count_equals, links.sums_agree,
        permit.meets_permit, permit.indicator_at_least, permit.indicator_at_most, permit.measures_agree,
        permit.percent_agrees, permit.explained_difference, permit.explained_total, permit.states_measure,
        shares.serves_known, shares.serves_one_building, shares.share_reproduces, shares.factor_reproduces,
        sums.equals_measured, sums.adds_up, sums.factor_follows_height, sums.at_most_per_key, sums.has_factor,
        sums.equals_approved, sums.parts_sum_to, sums.noted_where_different, sums.largest_of,
        topology.no_overlap, topology.no_overlap_within, topology.not_over, topology.no_gaps,
        topology.shared_vertices, topology.inside, topology.contains_all, topology.points_inside,
        topology.covered_by_parts,
    )
}
