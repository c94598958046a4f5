"""What Schemathesis cannot know of this API from its OpenAPI description."""

import os

import schemathesis

# Ids of what was made before, by the path that they belong to; requests with them get beyond "there is none".
KNOWN_IDS = {
    "/api/v1/runs/{id}": os.environ["RUN_ID"],
    "/api/v1/deliveries/{id}": os.environ["DELIVERY_ID"],
    "/api/v1/connectors/{id}/next-runs": os.environ["CRON_ID"],
    "/api/v1/connectors/{id}/run-now": os.environ["CRON_ID"],
    "/api/v1/connectors/{id}/test": os.environ["OUTBOUND_ID"],
}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    known = next((id for path, id in KNOWN_IDS.items() if context.operation.path.startswith(path)), None)
    # Every other one stays as it was made up.
    if known is not None and len(path_parameters.get("id", "")) % 2 == 0:
        path_parameters["id"] = known
    return path_parameters


# Fields whose values the schema leaves open: the type's own schema, the project, other fields or the store decide.
DECIDED_ELSEWHERE = (
    *("config", "agents.", "type", "mode", "from", "bucket_seconds", "held_deliveries"),
    *("connection", "connectors", "at", "delay_seconds", "run_id", "trigger_id", "payload", "filter", "when", "delivery"),
    *("scope", "time_zone", "period", "on_limit", "limit", "warn_at", "name", "value", "min_duration_ms"),
)
# Values of other fields that are refused for what they say, not for their form.
REFUSED_FOR_THEIR_MEANING = ("is a name that the product itself has in the audit log",)


@schemathesis.check
def refused_for_a_reason(context, response, case):
    """What the description allows is refused only where the description cannot say why."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    body = response.json()
    if body["code"] == "invalid-cursor":
        return
    problems = body.get("problems", [])
    unexplained = [problem for problem in problems if not is_explained(problem)]
    assert problems and not unexplained, f"The description allows it, and it is refused: {body['detail']}"


def is_explained(problem):
    # Without a field, it is about several of them.
    if problem["field"] == "":
        return True
    return problem["field"].startswith(DECIDED_ELSEWHERE) or problem["message"].startswith(REFUSED_FOR_THEIR_MEANING)
