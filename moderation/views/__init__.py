"""The pages of organizers, reviewers, jurors and operators, by family."""
