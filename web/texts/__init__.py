"""Words about the errors of each area; merged by web.error_texts."""
