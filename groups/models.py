"""The models of groups, each defined in the package of its subject."""

from groups.attendance.models import Attendance, Rsvp, SurveyAnswer
from groups.ballots.models import Ballot, Candidate, Nomination, Second, Slip
from groups.calendar.models import CalendarToken
from groups.cycle.models import Cycle
from groups.defaults import Attending
from groups.invitations.models import Invitation
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes, MinutesRevision
from groups.meeting.progress.models import CommentPlace, Progress, Section
from groups.meeting.questions.models import Question, QuestionVote
from groups.membership.models import (
    FULL,
    RUNNING,
    Ban,
    Group,
    JoinRequest,
    LogEntry,
    Membership,
    Role,
)
from groups.notices.models import Notice
from groups.rota.models import Seat, SeatKind, Swap
from groups.schedule.models import OFF, UPCOMING, Meeting, MeetingPaper, Phase, Pulse, Schedule
from groups.series.models import Series, SeriesPart

__all__ = [
    "FULL",
    "OFF",
    "RUNNING",
    "UPCOMING",
    "AgendaItem",
    "Attendance",
    "Attending",
    "Ballot",
    "Ban",
    "CalendarToken",
    "Candidate",
    "CommentPlace",
    "Cycle",
    "Group",
    "Invitation",
    "JoinRequest",
    "LogEntry",
    "Meeting",
    "MeetingFile",
    "MeetingPaper",
    "Membership",
    "Minutes",
    "MinutesRevision",
    "Nomination",
    "Notice",
    "Phase",
    "Progress",
    "Pulse",
    "Question",
    "QuestionVote",
    "Role",
    "Rsvp",
    "Schedule",
    "Seat",
    "SeatKind",
    "Second",
    "Section",
    "Series",
    "SeriesPart",
    "Slip",
    "SurveyAnswer",
    "Swap",
]
