"""Train the judge on groups (bench/judge/groups.py) for a given time, with checkpoints to go on from.

    python -m bench.judge.train GROUPS.jsonl RUN_FOLDER --seconds 3000

The time is its own thread's on the processor. Run again with the same groups it goes on exactly where the last
checkpoint stands, and with other groups with its weights and a new order; a larger `--seconds` counts from the
beginning of the run. `--from FILE` begins a new run with a checkpoint's weights, `--from bundled` with those that the
product carries.
One thread unless `--threads` says more.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bench.judge.groups import read_groups
from bench.judge.measure import divide, measure
from bench.judge.model import N_LAYERS, Judge, Pair, Pairs, compute, joined, model_folder
from bench.judge.rounds import Drawn, Rounds

_SEED = 20
_RATE, _HEADS = 8e-5, 10.0
_WARM_STEPS = 40
_LOWEST = 0.02
"""The share of the rate that is left at the end."""
_BINARY, _SPAN = 0.3, 0.5
_OWN_WEIGHT = 5.0
_HAS_BFLOAT16 = torch.cpu._is_avx512_bf16_supported()
"""Products in 16 bits are 1.7 times as fast where the processor has them, and far slower where not; weights stay in 32."""
_CHECKPOINT = "checkpoint.pt"
_BUNDLED = Path("bundled")


class Trainer:
    """The judge, its optimiser and where it stands."""

    def __init__(
        self, groups_file: Path, folder: Path, n_layers: int, batch: int, n_wrong: int, rate: float
    ) -> None:
        self._rate = rate
        self._file = folder / _CHECKPOINT
        self._digest = sha256(groups_file.read_bytes()).hexdigest()
        model = model_folder()
        torch.manual_seed(_SEED)
        self.judge = Judge(model, n_layers)
        self.judge.freeze(2)
        self.pairs, self.pad = Pairs(model), int(self.judge.encoder.config.pad_token_id)
        self._rest = [
            v for n, v in self.judge.named_parameters() if v.requires_grad and n.startswith("encoder")
        ]
        self._heads = [*self.judge.relevance.parameters(), *self.judge.span.parameters()]
        self._optimiser = torch.optim.AdamW(
            [{"params": self._rest}, {"params": self._heads}], weight_decay=0.01
        )
        learn, self.own, self.human = divide(read_groups(groups_file))
        self._rounds = Rounds(learn, own_weight=_OWN_WEIGHT, batch=batch, n_wrong=n_wrong, seed=_SEED)
        self.n_learn = len(learn)
        self.step, self.spent, self._round, self._at = 0, 0.0, 0, 0

    def open(self, start: Path | None) -> None:
        """Go on from the run's checkpoint, or begin with another's weights if there is none."""
        if self._file.exists():
            state: dict[str, Any] = torch.load(self._file, weights_only=False)
            self.judge.load_state_dict(state["judge"])
            self._optimiser.load_state_dict(state["optimiser"])
            self.step, self.spent, self._round = state["step"], state["spent"], state["round"]
            self._at = state["at"] if state["groups"] == self._digest else 0
            torch.set_rng_state(state["torch"])
            random.setstate(state["random"])
        elif start == _BUNDLED:
            self.judge.load_bundled()
        elif start is not None:
            self.judge.load_state_dict(torch.load(start, weights_only=False)["judge"])

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        temporary = self._file.with_suffix(".new")
        state = {
            "judge": self.judge.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self.step,
            "spent": self.spent,
            "round": self._round,
            "at": self._at,
            "groups": self._digest,
            "n_layers": self.judge.encoder.config.num_hidden_layers,
            "torch": torch.get_rng_state(),
            "random": random.getstate(),
        }
        torch.save(state, temporary)
        os.replace(temporary, self._file)

    def run(self, seconds: float, every: float) -> None:
        """Learn until that much time is spent in all; a checkpoint each `every` seconds, and one at the end."""
        batches = self._rounds.batches(self._round)
        saved, shown = self.spent, []
        while self.spent < seconds:
            # of this thread alone: what else the machine does, or a stop, takes nothing from the schedule
            began = time.thread_time()
            if self._at >= len(batches):
                self._round, self._at = self._round + 1, 0
                batches = self._rounds.batches(self._round)
            shown.append(self._learn(batches[self._at], self.spent / seconds))
            self._at += 1
            self.step += 1
            self.spent += time.thread_time() - began
            if self.step % 20 == 0:
                means = [sum(values) / len(values) for values in zip(*shown, strict=True)]
                print(
                    f"{self.step} {self.spent:.0f} s, of a group {means[0]:.3f} yes/no {means[1]:.3f} "
                    f"span {means[2]:.3f} first {means[3]:.3f}",
                    flush=True,
                )
                shown = []
            if self.spent - saved >= every:
                self.save()
                saved = self.spent
        self.save()

    def _learn(self, batch: Sequence[Drawn], share: float) -> tuple[float, float, float, float]:
        """Take one step. Return the three losses and the share of groups with the best where it belongs."""
        rate = self._rate * min(1.0, (self.step + 1) / _WARM_STEPS) * max(_LOWEST, 1 - share)
        for settings, times in zip(self._optimiser.param_groups, (1.0, _HEADS), strict=True):
            settings["lr"] = rate * times
        pairs = [
            self.pairs.make(each.group.question, *passage) for each in batch for passage in each.passages
        ]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_HAS_BFLOAT16):
            logits, spans = compute(self.judge, pairs, self.pad)
        logits, spans = logits.float(), [each.float() for each in spans]
        listwise, binary, in_spans, n_first, at = [], [], [], 0, 0
        for each in batch:
            part = logits[at : at + len(each.passages)]
            # beside the passages stands "none of them", always 0: a trap's right choice
            whole = torch.cat([part, part.new_zeros(1)])
            wanted = 0 if each.group.right else len(part)
            listwise.append(nn.functional.cross_entropy(whole.unsqueeze(0), torch.tensor([wanted])))
            yes = torch.zeros_like(part)
            if each.group.right:
                yes[0] = 1.0
                in_spans += _span_loss(each, pairs[at], spans[at])
            binary.append(nn.functional.binary_cross_entropy_with_logits(part, yes))
            n_first += int(whole.argmax()) == wanted
            at += len(part)
        losses = [
            torch.stack(some).mean() if some else torch.zeros(()) for some in (listwise, binary, in_spans)
        ]
        self._optimiser.zero_grad()
        (losses[0] + _BINARY * losses[1] + _SPAN * losses[2]).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*self._rest, *self._heads], 1.0)
        self._optimiser.step()
        return losses[0].item(), losses[1].item(), losses[2].item(), n_first / len(batch)


def _span_loss(drawn: Drawn, pair: Pair, span: Tensor) -> list[Tensor]:
    """Return the loss of start and end, nothing if the answer was cut off."""
    assert drawn.group.right is not None
    head, text = drawn.group.right
    shift = len(joined(head, text)) - len(text)
    tokens = pair.tokens_of(shift + drawn.group.start, shift + drawn.group.end)
    if tokens is None:
        return []
    wanted = torch.tensor([[tokens[0] - pair.first], [tokens[1] - pair.first]])
    cross = nn.functional.cross_entropy
    return [cross(span[:, side].unsqueeze(0), wanted[side]) for side in (0, 1)]


def main() -> None:
    """Train, then measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.train")
    parser.add_argument("groups", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=3000)
    parser.add_argument("--layers", type=int, default=N_LAYERS)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--wrong", type=int, default=2)
    parser.add_argument("--rate", type=float, default=_RATE)
    parser.add_argument("--every", type=float, default=240)
    parser.add_argument("--from", dest="start", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(
        options.groups, options.folder, options.layers, options.batch, options.wrong, options.rate
    )
    trainer.open(options.start)
    print(
        f"{trainer.n_learn} groups, {len(trainer.own)} own and {len(trainer.human)} others aside", flush=True
    )
    trainer.run(options.seconds, options.every)
    print("own:", measure(trainer.judge, trainer.pairs, trainer.pad, trainer.own), flush=True)
    print("others:", measure(trainer.judge, trainer.pairs, trainer.pad, trainer.human), flush=True)


if __name__ == "__main__":
    main()
