"""Letters: mails to one person of the organisation, written when they go out so that they are true then."""
