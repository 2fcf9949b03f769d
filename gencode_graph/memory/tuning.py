"""What the router's learning is set to, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """The router's hyperparameters: chosen on HWU64 alone, then used unchanged on every other set.

    The defaults are good from six options to some hundreds. ``benchmarks/router.py`` measures what each part is worth.
    """

    sharpness: float = 20.0
    """Of the drifting key (beta). 10 is clearly worse, 25 to 30 a little."""
    combinational: float = 2.0
    """Sharpness of the weights that blend several options when none stands out."""
    doubt: float = 1.75
    """From how many options' worth of doubt (the exponential of the entropy) several are blended; two options at
    .75 and .25 have as much."""
    step: float = 3.0
    """Of the value vectors' gradient (eta); 1 to 4 are within .01 of each other. 0 turns the value vectors off, which
    loses .03, and gains .03 where 30 % of the feedback is wrong."""
    clip: float = 1.0
    """Bound on a failure's gradient: one failure of a sure choice says little when outcomes are noisy."""
    anchor: float = 8.0
    """How many successes an option's own description counts as (n0); 4 to 16 are within .01."""
    repulsion: float = 0.5
    """How far a failure pushes the key away, against a success that pulls it (g)."""
    retention: float = 0.98
    """Of the key's past at each event of its option (lambda). .95 loses .015; 1 would never follow a change."""
    drift: bool = True
    """Whether keys move at all; without it .02 are lost, with noise .03."""
    replays: int = 8
    """Past events learned from again at each feedback (k); none loses .015 to .03, and gains .02 under 30 % noise."""
    memory: float = 2.0
    """Weight of what happened to similar queries (mu): worth .02 to .03 where a few strategies succeed by the kind of
    query, .005 to .02 under 10 % noise, and nothing where many options say what they are for."""
    closeness: float = 15.0
    """How fast the influence of a past event falls with distance (bm); 8 to 20 make no difference."""
    reserve: float = 0.1
    """Evidence that a remembered share of successes must outweigh (kap)."""
    events: int = 4000
    """The most events that are remembered; 4,000 of 384 numbers are 6 MB."""
    neighbours: int = 64
    """Events looked at in one decision; what is farther weighs nothing, and to find it would take most of the time."""
    patience: int = 3000
    """Events after which what was learned has faded to a third (H), at least; short follows changes, long is better
    where nothing changes."""
    patience_per_option: int = 30
    """The same for each option: with many options each is seen seldom."""
    noise: bool = True
    """Whether the share of wrong feedback is estimated and the step made smaller by it; worth .06 to .1 under 30 %
    noise, and it costs .006 at most where there is none."""
    caution: float = 1.5
    """How much smaller: ``(1 - 2 noise) ** caution``; 1 to 3 make little difference."""
    quantile: float = 0.05
    """Share of successful decisions that would have been abstained from."""
    explore: bool = True
    """Whether, where almost everything failed, an option that has not failed there is tried half of the time."""

    def horizon(self, options: int) -> float:
        """Events after which what was learned has faded to a third, for a number of options."""
        return float(max(self.patience, self.patience_per_option * options))
