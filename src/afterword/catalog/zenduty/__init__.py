"""`/api/account/` in Zenduty's shape, for the clients that people have already.

The keys are those that the strict models of `zenduty-api` 1.0.0 (PyPI) take, the status codes those that it
asks for; the units are those that Zenduty's Terraform provider documents. A PUT changes what it says, as a
PATCH does, for these clients leave out what is null. One file per noun.
"""

from ninja import Router

from afterword.catalog.zenduty import (
    account_members,
    applications,
    escalation,
    integrations,
    maintenance,
    on_call,
    priorities,
    roles,
    services,
    slas,
    tags,
    teams,
)

router = Router(tags=["Zenduty-compatible"])
for noun in (
    teams,
    on_call,
    priorities,
    slas,
    tags,
    escalation,
    maintenance,
    roles,
    services,
    integrations,
):
    router.add_router("/teams", noun.router)
router.add_router("/applications", applications.router)
router.add_router("", account_members.router)

__all__ = ["router"]
