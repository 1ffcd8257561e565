"""Organizers' descriptions: Markdown without HTML, without pictures from elsewhere."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

TOP_HEADING = 3  # a description stands under headings of the page


def _heading(tokens: Sequence[Token], at: int) -> str:
    level = min(6, int(tokens[at].tag[1]) + TOP_HEADING - 1)
    return f"h{level}"


def _renderer() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

    def shift_headings(
        _self: object, tokens: Sequence[Token], at: int, options: OptionsDict, env: object
    ) -> str:
        tokens[at].tag = _heading(tokens, at)
        return reader.renderer.renderToken(tokens, at, options, env)  # type: ignore[attr-defined, no-any-return]

    reader.add_render_rule("heading_open", shift_headings)
    reader.add_render_rule("heading_close", shift_headings)
    return reader


_READER = _renderer()


def render(text: str) -> SafeString:
    """HTML of ``text``; markdown-it escapes whatever looks like HTML and refuses links that run scripts."""
    html: str = _READER.render(text)
    return mark_safe(html)
