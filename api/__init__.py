"""The HTTP service: routes, models of requests and answers, errors as HTTP answers."""
