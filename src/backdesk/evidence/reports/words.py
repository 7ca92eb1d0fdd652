"""What stands in every report, by the names its templates have for it: headings, heads of tables, fixed sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backdesk.evidence.sentences import Sentence, say

WORDS: Final[Mapping[str, Sentence]] = {
    "title": say("What to hand over"),
    "assessed": say("Assessed from the work history"),
    "contents": say("Contents"),
    "in_short": say("In short"),
    "made_by": say(
        "Made by Backdesk from the record of the work and nothing else. A verdict is a proposal: who does the work "
        "was not asked yet where it says so."
    ),
    # The ranking
    "to_ranking": say("Ranking"),
    "ranking": say("The ranking"),
    "how_ranked": say(
        "What speaks for handing an activity over counts for it, what speaks against counts against it, from 100 to "
        "-100. “Could be” is the range once what nobody has told yet is known."
    ),
    "points_by_activity": say("Points by activity"),
    "where_from": say(
        "Where the points come from. To the right of zero what speaks for handing over, to the left what speaks "
        "against."
    ),
    "activity": say("Activity"),
    "activities": say("Activities"),
    "function": say("Function"),
    "verdict": say("Verdict"),
    "points": say("Points"),
    "could_be": say("Could be"),
    "hours_a_month": say("Hours a month"),
    "steps_a_month": say("Steps a month"),
    "at_most": say("≤ at most: the record holds no starts, they are estimated."),
    "hand over": say("hand over"),
    "candidate": say("candidate"),
    "ask": say("ask"),
    "keep": say("keep"),
    # How the work flows
    "to_map": say("Process map"),
    "map": say("How the work flows"),
    # What belongs together
    "to_bundles": say("Bundles"),
    "bundles": say("What belongs together"),
    "of_all_hours": say("Of all hours"),
    "crossings_a_case": say("Crossings a case"),
    "moved_apart": say("If moved apart"),
    "pays_under": say("Pays while a crossing costs under"),
    # The pilot
    "to_pilot": say("Pilot"),
    "pilot": say("The pilot to start with"),
    # The evidence
    "to_evidence": say("Evidence"),
    "evidence": say("The evidence"),
    "how_scored": say(
        "Each criterion from 0 to 1 (the bar), the points it adds or takes, and the figures it stands on."
    ),
    "not_known": say("not known"),
    # What stays, what to ask, why work waits
    "to_stays": say("What stays"),
    "stays": say("What stays, and why"),
    "why": say("Why"),
    "to_asked": say("What to ask"),
    "asked": say("What the record cannot tell"),
    "how_to_ask": say(
        "Ask the people who do the work before deciding. Their answers, from 1 to 5, count like the figures."
    ),
    "questions": say("Questions"),
    "about": say("About"),
    "question": say("Question"),
    "of": say("Asked of"),
    "waiting": say("Why work waits"),
    # The record
    "to_holdings": say("The record"),
    "holdings": say("What the record holds"),
    "how_read": say("How it was read"),
    "line": say("Line"),
    "field": say("Field"),
    "value": say("Value"),
    # The definitions
    "to_definitions": say("Definitions"),
    "definitions": say("How each thing is counted"),
    "criteria": say("Criteria"),
    "figures": say("Figures"),
}
