"""Words about Content Credentials and about what generators leave in a file."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

BROKEN: Mapping[str, Words] = {
    "provenance.none": Words(
        _("No Content Credentials"),
        (_("The file carries no Content Credentials. Most files carry none."),),
        (
            _(
                "The file carries no Content Credentials. Most files carry none; it speaks neither for nor "
                "against."
            ),
        ),
    ),
    "provenance.tampered": Words(
        _("Content Credentials do not fit the file"),
        (
            _(
                "The file was changed after its Content Credentials were signed, so they no longer fit it. "
                "Some programs do this when they save or shrink a picture."
            ),
        ),
        (
            _(
                "The bytes or the claims changed after %(signer_name)s signed them. An ordinary program that "
                "saves a picture can do this; so can somebody who exchanges the picture."
            ),
            _(
                "The bytes or the claims changed after they were signed. An ordinary program that saves a "
                "picture can do this; so can somebody who exchanges the picture."
            ),
        ),
    ),
    "provenance.tampered_ingredient": Words(
        _("Content Credentials of an ingredient do not fit"),
        (
            _(
                "A picture that this one was made from had been changed after its Content Credentials were "
                "signed. The Content Credentials of your file itself are in order."
            ),
        ),
        (
            _(
                "The file's own Content Credentials hold; those of a picture it was made from had been "
                "broken before it was used."
            ),
        ),
    ),
    "provenance.laundered": Words(
        _("A broken ingredient was signed over"),
        (
            _(
                "A picture that this one was made from had been changed after its Content Credentials were "
                "signed, and was taken in so. The Content Credentials of your file now cover it."
            ),
        ),
        (
            _(
                "A parent or a part was already damaged when it was taken in; the signature of "
                "%(signer_name)s now covers it. What it says of its origin cannot be relied on."
            ),
            _(
                "A parent or a part was already damaged when it was taken in; the signature above now covers "
                "it. What it says of its origin cannot be relied on."
            ),
        ),
    ),
    "provenance.malformed": Words(
        _("Content Credentials against the standard"),
        (_("The file's Content Credentials do not follow their standard and could not be relied on."),),
        (
            _(
                "The Content Credentials break the specification, though nothing shows that they were "
                "tampered with. They say nothing that can be relied on."
            ),
        ),
    ),
    "provenance.unreadable": Words(
        _("Content Credentials cannot be read"),
        (_("The file seems to carry Content Credentials, but they could not be read."),),
        (_("There are bytes of Content Credentials in the file that cannot be parsed."),),
    ),
    "provenance.remote_only": Words(
        _("Content Credentials kept elsewhere"),
        (_("The file's Content Credentials are kept at another address, which the desk does not fetch."),),
        (_("The file points to Content Credentials at another address. The desk never fetches them."),),
    ),
    "provenance.unsupported": Words(
        _("Format without Content Credentials"),
        (_("Content Credentials are not read from files of this format."),),
        (_("Content Credentials are not read from files of this format."),),
    ),
}

_INTACT_ENTRANT = _("The file's Content Credentials are in order.")

CLAIMS: Mapping[str, Words] = {
    "provenance.ai_generated": Words(
        _("AI-generated, say the Content Credentials"),
        (
            _("The file's Content Credentials say that it was made with %(generator)s."),
            _("The file's Content Credentials say that it was made with generative AI."),
        ),
        (
            _("Content Credentials signed by %(signer_name)s say that %(generator)s generated the picture."),
            _("The Content Credentials say that %(generator)s generated the picture."),
            _("The Content Credentials say that a generative model made the picture."),
        ),
    ),
    "provenance.ai_composite": Words(
        _("AI-edited, say the Content Credentials"),
        (
            _("The file's Content Credentials say that a part of it was made with %(generator)s."),
            _("The file's Content Credentials say that a part of it was made with generative AI."),
        ),
        (
            _("Content Credentials signed by %(signer_name)s say that a part was made with %(generator)s."),
            _("The Content Credentials say that a part of the picture was made with %(generator)s."),
            _("The Content Credentials say that a part of the picture was made with generative AI."),
        ),
    ),
    "provenance.ai_possible": Words(
        _("AI may have been used, say the Content Credentials"),
        (_("The file's Content Credentials leave open whether generative AI was used."),),
        (
            _(
                "The Content Credentials name steps in %(generator)s that may or may not have used "
                "generative AI."
            ),
            _("The Content Credentials name steps that may or may not have used generative AI."),
        ),
    ),
    "provenance.captured": Words(
        _("Camera-captured, say the Content Credentials"),
        (_("The file's Content Credentials say that a camera took it."),),
        (
            _("Content Credentials signed by %(signer_name)s say that a camera took the picture."),
            _("The Content Credentials say that a camera took the picture."),
        ),
    ),
    "provenance.captured_edited": Words(
        _("Camera-captured and edited, say the Content Credentials"),
        (_("The file's Content Credentials say that a camera took it and that it was edited afterwards."),),
        (
            _(
                "Content Credentials signed by %(signer_name)s say that a camera took the picture; it was "
                "edited."
            ),
            _(
                "The Content Credentials say that a camera took the picture and that it was edited "
                "afterwards."
            ),
        ),
    ),
    "provenance.scanned": Words(
        _("Scanned, say the Content Credentials"),
        (_("The file's Content Credentials say that it was scanned."),),
        (_("The Content Credentials say that the picture is a scan of something physical."),),
    ),
    "provenance.human_created": Words(
        _("Made by a person, say the Content Credentials"),
        (_("The file's Content Credentials say that a person made it."),),
        (
            _("The Content Credentials say that a person made the picture with %(generator)s."),
            _("The Content Credentials say that a person made the picture."),
        ),
    ),
    "provenance.human_edited": Words(
        _("Edited by a person, say the Content Credentials"),
        (_("The file's Content Credentials say that a person edited it."),),
        (
            _("The Content Credentials say that a person edited the picture with %(generator)s."),
            _("The Content Credentials say that a person edited the picture."),
        ),
    ),
    "provenance.algorithmic": Words(
        _("Made by an algorithm, say the Content Credentials"),
        (_("The file's Content Credentials say that an algorithm made it, not a trained model."),),
        (_("The Content Credentials say that an algorithm drew the picture, not a trained model."),),
    ),
    "provenance.blank_canvas": Words(
        _("Begun on a blank canvas, say the Content Credentials"),
        (_("The file's Content Credentials say that it was begun on a blank canvas."),),
        (
            _("The Content Credentials say that the picture was begun on a blank canvas in %(generator)s."),
            _("The Content Credentials say that the picture was begun on a blank canvas."),
        ),
    ),
    "provenance.edited_unknown_origin": Words(
        _("Edited; where it began is not said"),
        (_("The file's Content Credentials name edits, but not how the picture began."),),
        (
            _("The Content Credentials name edits in %(generator)s, but not how the picture began."),
            _("The Content Credentials name edits, but not how the picture began."),
        ),
    ),
    "provenance.other_dst": Words(
        _("Another kind of source, say the Content Credentials"),
        (_INTACT_ENTRANT,),
        (_("The Content Credentials name a kind of source that is neither camera, hand nor model."),),
    ),
    "provenance.no_claim": Words(
        _("Content Credentials without a word on the origin"),
        (_INTACT_ENTRANT,),
        (
            _("The Content Credentials, signed by %(signer_name)s, do not say how the picture was made."),
            _("The Content Credentials do not say how the picture was made."),
        ),
    ),
}

TRACES: Mapping[str, Words] = {
    "traces.none": Words(
        _("No traces of generators"),
        (_("The file carries nothing that generators of pictures are known to leave."),),
        (_("The file carries nothing that generators are known to leave. Such traces are easily removed."),),
    ),
    "traces.weak": Words(
        _("Weak hints"),
        (_("The file carries small hints of a tool. They count for nothing by themselves."),),
        (_("The file carries hints of a tool that count for nothing by themselves."),),
    ),
    "traces.generator": Words(
        _("Traces of a generator"),
        (
            _("The file carries data that %(generators)s leaves in pictures."),
            _("The file carries data that generators of pictures leave."),
        ),
        (
            _("The file carries data that %(generators)s leaves in pictures; the places are listed below."),
            _("The file carries data that generators leave in pictures; the places are listed below."),
        ),
    ),
}
