"""Check a receipt of Vernissage without asking anybody: ``python check_receipt.py RECEIPT --key KEY.pem``.

One file. It needs Python 3.11 and the package ``cryptography``. Take the key from the site's page "The
record", once, and keep it. With ``--head HASH`` (from the contest's page) it also says whether the receipt
leads to that head.

Exit status: 0 the receipt is genuine, 1 it is not, 2 it could not be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "vernissage-receipt-1"
DOCUMENT = ("contest", "entry", "position", "kind", "row", "facts", "sealed")


class NotGenuine(Exception):
    """The receipt does not hold; the text says where."""


def canonical(value: Any) -> str:
    """The one text of a JSON value, as PostgreSQL writes ``jsonb``.

    Names are ordered by the length of their UTF-8 bytes, then by these bytes; one space stands after each
    comma and colon; numbers are written out without an exponent; only what JSON requires is escaped.
    """
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return "{" + ", ".join(f"{canonical(name)}: {canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(canonical, value)) + "]"
    if isinstance(value, str | bool) or value is None:
        return json.dumps(value, ensure_ascii=False)
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(number if number else number.copy_abs(), "f")


def read(text: str) -> Any:
    """JSON with every number exactly as it was written."""
    return json.loads(text, parse_float=Decimal)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(link: dict[str, Any]) -> str:
    """What stands in the chain for a link."""
    return sha256(canonical({name: link[name] for name in DOCUMENT}))


def chained_hash(previous: str, content: str) -> str:
    return sha256(previous + content)


def check(receipt: dict[str, Any], key: Ed25519PublicKey) -> list[str]:
    """What the receipt proves, in sentences; raises ``NotGenuine``."""
    signed = receipt["signed"]
    try:
        key.verify(base64.b64decode(receipt["signature"]), canonical(signed).encode())
    except InvalidSignature:
        raise NotGenuine("The signature is not this site's, or the receipt was changed.") from None
    if signed["format"] != FORMAT:
        raise NotGenuine(f"The receipt is of another format: {signed['format']}.")
    says = [f"Signed by {signed['site']} on {signed['made_at']}."]
    contents = {link["position"]: _checked(link, signed["entry"]["id"]) for link in signed["links"]}
    for path in signed["paths"]:
        says.append(_walk(path, contents))
    if contents:
        raise NotGenuine(f"Link {min(contents)} is on no path.")
    says.append(f"{len(signed['links'])} links of the entry are in the chain, unchanged.")
    return says


def _checked(link: dict[str, Any], entry: str) -> str:
    """The link's content hash, once everything that it shows is what was sealed."""
    where = f"Link {link['position']} ({link['kind']})"
    if link["entry"] != entry:
        raise NotGenuine(f"{where} belongs to another entry.")
    for name, shown in link["shown"].items():
        if sha256(shown["key"] + canonical(shown["value"])) != link["sealed"].get(name):
            raise NotGenuine(f"{where} shows another {name} than was sealed.")
    return content_hash(link)


def _walk(path: dict[str, Any], contents: dict[int, str]) -> str:
    """Go along ``path``; takes the links that it passes out of ``contents``."""
    position, reached = path["from"], path["previous"]
    for content in path["contents"]:
        if contents.pop(position, content) != content:
            raise NotGenuine(f"Link {position} is another one in the chain.")
        reached = chained_hash(reached, content)
        position += 1
    head = path["head"]
    if (position - 1, reached) != (head["position"], head["hash"]):
        raise NotGenuine(f"The path from link {path['from']} does not lead to its head.")
    published = f"published on {head['published']}" if head["published"] else "not published yet"
    return f"Links {path['from']} to {position - 1} lead to head {head['hash']}, {published}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the site's public key, PEM")
    parser.add_argument("--head", help="a head, as the contest's page shows it")
    options = parser.parse_args()
    try:
        receipt = read(options.receipt.read_text("utf-8"))
        key = load_pem_public_key(options.key.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError("the key is no Ed25519 key")
        says = check(receipt, key)
        heads = [path["head"]["hash"] for path in receipt["signed"]["paths"]]
    except NotGenuine as problem:
        print(f"NOT GENUINE. {problem}")  # noqa: T201 -- a command
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        print(f"The receipt or the key cannot be read: {problem!r}", file=sys.stderr)  # noqa: T201
        return 2
    if options.head and options.head not in heads:
        print("NOT GENUINE. No path of the receipt leads to that head.")  # noqa: T201
        return 1
    print("\n".join(["GENUINE.", *says]))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
