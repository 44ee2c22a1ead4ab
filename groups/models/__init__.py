from groups.models.attending import Attendance, Rsvp, SurveyAnswer
from groups.models.ballots import Ballot, Candidate, Nomination, Second, Slip
from groups.models.contents import (
    AgendaItem,
    CommentPlace,
    MeetingFile,
    Minutes,
    MinutesRevision,
    Progress,
    Question,
    QuestionVote,
    Section,
)
from groups.models.defaults import Attending
from groups.models.groups import Cycle, Group, LogEntry, Notice
from groups.models.meetings import OFF, UPCOMING, Meeting, MeetingPaper, Phase, Pulse
from groups.models.people import (
    FULL,
    RUNNING,
    Ban,
    CalendarToken,
    Invitation,
    JoinRequest,
    Membership,
    Role,
)
from groups.models.rota import Seat, SeatKind, Swap
from groups.models.schedules import Schedule, Series, SeriesPart

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
