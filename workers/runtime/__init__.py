"""What starts and joins the parts: settings, logs, the Celery app, beat's schedule, bootstrap."""
