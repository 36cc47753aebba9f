"""Every change to flows, their tasks, debriefs and mails; and the closing of incidents."""

from afterword.incidents.flow.writes.closing import close_incident, withdraw_closing
from afterword.incidents.flow.writes.debriefs import cancel_debrief, plan_debrief
from afterword.incidents.flow.writes.flows import (
    Step,
    add_step,
    change_flow,
    change_step,
    create_flow,
    delete_flow,
    delete_step,
    move_flow,
    move_step,
)
from afterword.incidents.flow.writes.runs import (
    enter_flows,
    fill_owners,
    pause_flows,
    resume_flows,
    start_flow,
)
from afterword.incidents.flow.writes.settling import recheck, tick_by_event
from afterword.incidents.flow.writes.tasks import (
    add_task,
    change_task,
    reopen_task,
    skip_task,
    tick_task,
)

__all__ = [
    "Step",
    "add_step",
    "add_task",
    "cancel_debrief",
    "change_flow",
    "change_step",
    "change_task",
    "close_incident",
    "create_flow",
    "delete_flow",
    "delete_step",
    "enter_flows",
    "fill_owners",
    "move_flow",
    "move_step",
    "pause_flows",
    "plan_debrief",
    "recheck",
    "reopen_task",
    "resume_flows",
    "skip_task",
    "start_flow",
    "tick_by_event",
    "tick_task",
    "withdraw_closing",
]
