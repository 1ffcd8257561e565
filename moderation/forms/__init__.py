"""What organizers, reviewers and entrants send to the desk, by the room it is sent from."""
