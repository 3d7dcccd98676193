"""How much of what people type on a phone is understood as what it is: `python -m bench.intents [--misses]`.

bench/utterances.jsonl holds utterances of our own, each with what it is (an act of `Act`, `browse`, `watch` or `question`)
and, where it has one, its argument and hour. Set 1 was written first, sets 2 and 3 each after the tables had been mended by
the set before; tried for the first time, 145 of 238, 57 of 106 and 72 of 93 were understood. Sets 4 and 5
are what the bot missed of 131 and 60 messages of three made-up people, with likenesses and questions that sound like it.
Sets 6 and later were made by a writer each, in several voices, who had seen neither the tables nor the other sets. All are read as the
bot reads them, in the order of its handlers, without a library. What `embeddings/message_kinds.npz` has learned from is
known to it: how it does on sets that it has not seen, `bench.message_kinds` tells, and --kept.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.composition import open_settings_encoder
from bot.languages.intents import recognise_intent, without_courtesy
from bot.languages.watch_phrases import parse_wanted, wants_more_of_that
from bot.messages.unasked import hear_meaning
from bot.progress import TerminalProgress
from bot.settings import load_settings
from embeddings import Encoder, MessageKinds, message_kinds
from retrieval import Gazetteer, Resolver, Tokenizer, as_written, fold
from retrieval.answering.question_vector import QuestionVectors
from retrieval.answering.understanding import Understanding
from retrieval.browsing import Messages
from retrieval.browsing.browser import in_plain_words, meant_wish, wish_of

_TODAY = date(2026, 11, 24)
_FILE = Path(__file__).parent / "utterances.jsonl"
_KEPT = Path(__file__).parent / "utterances_kept.jsonl"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody types, and what it is."""

    says: str
    kind: str
    argument: str | None = None
    hour: int | None = None
    set: int = 1


class Listener:
    """Reads utterances as the bot does."""

    def __init__(self, encoder: Encoder, kinds: MessageKinds | None = None) -> None:
        """`kinds` is what tells kinds by their meaning; None for the one that is bundled."""
        tokenizer = Tokenizer()
        self._resolver = Resolver(Gazetteer.load(), cuts_word=tokenizer.cuts_word)
        self._understanding = Understanding(self._resolver, tokenizer)
        if kinds is None:
            kinds = message_kinds(encoder.fingerprint)
        vectors = QuestionVectors(encoder)
        self._messages = Messages(kinds, vectors.of, tokenizer, self._resolver)

    def hear(self, text: str) -> Utterance:
        """Return an utterance as it is understood."""
        intent = recognise_intent(text, self._is_place_name)
        if intent is not None:
            return Utterance(text, intent.act.value, intent.argument or None, intent.hour)
        wanted = parse_wanted(text)
        if wanted is not None or wants_more_of_that(text):
            return Utterance(text, "watch", wanted)
        meant = hear_meaning(text, self._messages)
        if meant is not None:
            return Utterance(text, meant.act.value, meant.argument or None, meant.hour)
        question = without_courtesy(text)
        asked = self._understanding.understand(in_plain_words(question), _TODAY, None, None)
        wish = wish_of(asked) or meant_wish(question, asked, self._messages)
        if wish is None:
            return Utterance(text, "question")
        return Utterance(text, "browse", wish.topic or None)

    def _is_place_name(self, text: str) -> bool:
        found = self._resolver.resolve_question(text)
        unclear = [(each.start, each.end) for each in found.candidates]
        return (0, len(text)) in [(each.start, each.end) for each in found.mentions] + unclear


def is_understood(said: Utterance, heard: Utterance) -> bool:
    """Whether an utterance was taken for what it is, with its argument and hour where these are given."""
    if said.kind != heard.kind:
        return False
    if said.hour is not None and said.hour != heard.hour:
        return False
    return said.argument is None or _names(said.argument) == _names(heard.argument or "")


def _names(argument: str) -> list[str]:
    """What an argument names, however it is written: places parted in any way; an hour, of which half past is asked back."""
    named = re.split(r"[和与跟及、，,\s]+", as_written(fold(argument.removesuffix(":30"))))
    return sorted(filter(None, named))


def read(path: Path = _FILE) -> Iterator[Utterance]:
    """Yield the utterances of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Utterance(**json.loads(line))


def main() -> None:
    """Print how many are understood, by set and kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what is misunderstood")
    parser.add_argument(
        "--kept", action="store_true", help="of utterances_kept.jsonl, from which nothing was learned"
    )
    options = parser.parse_args()
    with TerminalProgress() as progress:
        listener = Listener(open_settings_encoder(load_settings(), progress))
    n_all: Counter[tuple[int, str]] = Counter()
    n_right: Counter[tuple[int, str]] = Counter()
    for said in read(_KEPT if options.kept else _FILE):
        heard = listener.hear(said.says)
        keys = [(said.set, said.kind), (said.set, "all")]
        n_all.update(keys)
        if is_understood(said, heard):
            n_right.update(keys)
        elif options.misses:
            print(
                f"{said.says}: {said.kind} {said.argument or ''} {said.hour or ''}"
                f" -> {heard.kind} {heard.argument or ''} {heard.hour or ''}"
            )
    print("| set | kind | understood | of |\n|---|---|---|---|")
    for key in sorted(n_all):
        print(f"| {key[0]} | {key[1]} | {n_right[key]} | {n_all[key]} |")


if __name__ == "__main__":
    main()
