"""How often articles that name neither the home province nor any of its prefectures are given a home division.

    python -m bench.home_precision CORPUS.jsonl...

Prints the share and, for each such article, its id and the names that were taken, to be judged by reading.
"""

import sys
from pathlib import Path

from retrieval import Gazetteer, Resolver, Tokenizer
from retrieval.reading import read_records

HOME = "150000"


def main() -> None:
    gazetteer = Gazetteer.load()
    resolver = Resolver(gazetteer, home=HOME, cuts_word=Tokenizer().cuts_word)
    roots = [gazetteer.get(HOME), *gazetteer.children(HOME)]
    names = {name for root in roots if root for name in (root.name, root.short_name)} - {"兴安"}
    for path in map(Path, sys.argv[1:]):
        n_articles = n_taken = 0
        for record_id, article in read_records(path):
            text = f"{article.place or ''} {article.title}\n{article.text}"
            if any(name in text for name in names):
                continue
            n_articles += 1
            taken = [
                f"{mention.text}→{mention.name}({mention.rule})"
                for mention in resolver.resolve_article(article).mentions
                if gazetteer.is_within(mention.code, HOME)
            ]
            if taken:
                n_taken += 1
                print(f"{path.parent.name}\t{record_id}\t{' '.join(dict.fromkeys(taken))}")
        print(
            f"{path.parent.name}: {n_taken} of {n_articles} articles, {100 * n_taken / max(1, n_articles):.3f} %"
        )


if __name__ == "__main__":
    main()
