"""Appeals of the member concerned, one for each act, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.suspensions.suspensions import AppealRefusedError, SuspensionNotice
from discussions.moderation import acts
from discussions.moderation.models import Act, Appeal
from discussions.notifications import notifications
from discussions.notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import User

Kind = Act.Kind
Outcome = Appeal.Outcome

APPEALABLE = frozenset({Kind.HIDE, Kind.SPAM, Kind.WARN, Kind.SUSPEND, Kind.VOID_VOTES})


def is_undone(act: Act) -> bool:
    return Act.objects.filter(undoes=act).exists()


def may_appeal(*, act: Act, member: User) -> bool:
    """Return whether the member may appeal against the act now."""
    return (
        act.member_id == member.pk
        and act.kind in APPEALABLE
        and not Appeal.objects.filter(act=act).exists()
        and not is_undone(act)
    )


def appeal_act(*, act: Act, member: User, text: str) -> Appeal:
    """Save the member's appeal. There is one for each act."""
    if act.member_id != member.pk or act.kind not in APPEALABLE:
        raise AppealRefusedError("This action does not concern you.")
    if is_undone(act):
        raise AppealRefusedError("This action was undone. There is nothing to appeal.")
    appeal, is_new = Appeal.objects.get_or_create(act=act, defaults={"text": text})
    if not is_new:
        raise AppealRefusedError("You have already appealed this.")
    return appeal


@transaction.atomic
def decide(
    *, appeal: Appeal, moderator: User, outcome: str, reason: str, answer: str = ""
) -> Appeal:
    """Uphold an appeal, which undoes the act, or deny it.

    `reason` is public; `answer` is for the member only, who sees the reason if it is empty.
    """
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("act").get(pk=appeal.pk)
    if appeal.decided_at is not None:
        raise acts.AlreadyDoneError("This appeal was already answered.")
    if outcome == Outcome.UPHELD:
        _undo(appeal.act, moderator, reason)
    else:
        _deny(appeal.act, moderator, reason)
    appeal.outcome, appeal.answer = outcome, answer or reason
    appeal.decided_at, appeal.decided_by = timezone.now(), moderator
    appeal.save(update_fields=["outcome", "answer", "decided_at", "decided_by"])
    return appeal


def _undo(act: Act, moderator: User, reason: str) -> None:
    try:
        with transaction.atomic():
            acts.undo(act=act, moderator=moderator, reason=reason)
    except acts.AlreadyDoneError:
        # The act was undone meanwhile, or has expired: the appeal is upheld all the same.
        _tell(act, moderator, "A moderator agreed with your appeal")


def _deny(act: Act, moderator: User, reason: str) -> None:
    acts.record_denial(act=act, moderator=moderator, reason=reason)
    _tell(act, moderator, "A moderator answered your appeal: the action stands")


def _tell(act: Act, moderator: User, summary: str) -> None:
    if act.member is None:
        return
    notifications.tell(
        recipients=[act.member],
        event=f"appeal:{act.pk}",
        reason=Notification.Reason.MODERATION,
        actor=moderator,
        thread=act.thread,
        comment=act.comment,
        summary=summary,
        url=act.get_absolute_url(),
    )


class KeptSuspensions:
    """The record of suspensions for the page of suspended members."""

    def notice_for(self, member: User) -> SuspensionNotice | None:
        act = _present_suspension(member)
        if act is None:
            return None
        appeal = Appeal.objects.filter(act=act).first()
        if appeal is None:
            return SuspensionNotice(act.reason, may_appeal=True)
        return SuspensionNotice(
            act.reason,
            appeal=appeal.text,
            is_decided=appeal.decided_at is not None,
            answer=appeal.answer,
        )

    def appeal(self, member: User, text: str) -> None:
        act = _present_suspension(member)
        if act is None:
            raise AppealRefusedError("There is no action to appeal.")
        appeal_act(act=act, member=member, text=text)


def _present_suspension(member: User) -> Act | None:
    if not member.is_suspended:
        return None
    suspensions = Act.objects.filter(kind=Kind.SUSPEND, member=member, undone_by__isnull=True)
    return suspensions.order_by("-pk").first()
