"""Every column that can hold words is known: erased with its person, or kept for a reason that is said here.

A new column fails this test until somebody has thought of whose words it may hold. That those of a person
really go is asked of the rows themselves, in ``test_leaving``.
"""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

HOUSE = ("matching", "submissions", "moderation")
WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    ArrayField,
)

ERASED = {
    # with the account
    "User": "email display_name first_name last_name password time_zone",
    "ApiToken": "name digest start",
    "Answer": "text",
    "CoOwner": "email",
    "Acquaintance": "address",
    "SavedFilter": "name query",
    "ClaimSuspension": "reason lifted_because",
    # with the account of who closed it, and with an entry whose appeal was passed over
    "CategoryClosing": "signed reason",
    # with a portfolio
    "Artist": "name aliases biography website licensed_accounts licensed_organizations",
    "Work": "title year source rights original original_name display thumbnail pdq features",
    "WorkVector": "vector",
    "Import": "archive listed original_name problems refusal",
    "Proof": "url evidence note",
    "Conflict": "data reason",
    "Quarantine": "lifted_because",
    # with an entry
    "Entry": "title statement",
    "Artwork": "original original_name display thumbnail pdq",
    "ArtworkLooks": "vectors hashes features",
    "ProcessFile": "original original_name",
    "ProcessPreview": "layers camera thumbnail",
    "Disclosure": "parts explanation prompts attested_name",
    "DisclosedTool": "model_words dataset_words fine_tune_words training",
    "FileReading": "tools prompts",
    "CheckResult": "data",
    "Verdict": "reasons",
    "Decision": "reason",
    "NameConsent": "name",
    "SignedCopy": "name signer_name file",
    "KnownMaking": "source",
    "Sighting": "data",
    "Case": "words entrant_words",
    "CaseNote": "text",
    "Appeal": "words",
    "Waiver": "reason",
    "Claim": "words",  # or alone, once it has ended
    "ClaimAnswer": "words file file_name",
    "Interest": "named reason",
    "Dismissal": "reason",
    "Opinion": "reason",
    "Recognition": "reason",
    "Unveiling": "reason",
    "GoldenCase": "reason",
    "Reading": "reason",
}

# Of nobody, or of an organization that others share; of a person only by a number, a hash or a choice.
KEPT = {
    "the house's own names, versions and hashes": {
        "Artist": "territories",
        "Work": "territories licensed_accounts licensed_organizations failure sha256 media_type",
        "WorkVector": "identity",
        "CoOwner": "territories licensed_accounts licensed_organizations",
        "PortfolioStyle": "identity middle sample",
        "StyleFollowed": "identity",
        "Artwork": "sha256 media_type",
        "ProcessFile": "sha256",
        "Disclosure": "attestation_sha256",
        "DisclosedTool": "model version datasets",
        "Link": "kind sealed keys content previous hash",
        "PublishedHead": "hash",
        "Move": "because",
        "Notice": "kind",
        "DryRun": "fingerprint",
        "CheckRun": "check_name",
        "CheckResult": "check_name code versions",
        "Verdict": "grounds policy_engine",
        "ShadowVerdict": "reasons medium policy_engine",
        "Case": "topics lanes codes",
        "Appeal": "evidence",
        "Claim": "region",
        "Opinion": "remarks",
        "ClaimAnswer": "file_sha256",
        "CannedReason": "instead_of",
        "SignedCopy": "certificate problem",
        "LaneSilence": "model",
        "ArtworkLooks": "identity",
        "Sighting": "code",
        "LedgerLine": "because",
        "Proof": "code",
        "Quarantine": "data",
    },
    "a decision's, which takes them over or goes with its case in minutes": {
        "PendingDecision": "grounds remarks reason",
    },
    "an organization's public words": {
        "Organization": "name slug",
        "Contest": "title slug description time_zone country",
        "Category": "name",
        "PolicyVersion": "document text",
        "RulesDraft": "document text",
        "CannedReason": "name text_en text_ko",
        "Overrule": "subject reason",
        "TrustedAuthority": "name pem version",
        "Proof": "organization",
    },
}


def columns() -> Iterator[tuple[str, str]]:
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, WORDS) and not field.choices and not _of_choices(field):
                    yield model.__name__, field.name


def _of_choices(field: "models.Field[object, object]") -> bool:
    return isinstance(field, ArrayField) and bool(field.base_field.choices)


def told(table: dict[str, str]) -> set[tuple[str, str]]:
    return {(model, name) for model, names in table.items() for name in names.split()}


def test_every_column_of_words_is_erased_or_kept_for_a_reason() -> None:
    known = told(ERASED).union(*(told(table) for table in KEPT.values()))

    assert set(columns()) - known == set()
    assert known - set(columns()) == set()
