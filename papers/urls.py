from django.urls import path, register_converter

from papers.converters import ArxivPaper, Day, Digest, Month, PaperPageRef, PaperRef, Slug, Week
from papers.lists import views as lists
from papers.thumbnails.views import thumbnail
from papers.views import marking, paper, submit

register_converter(PaperRef, "paper")
register_converter(PaperPageRef, "paper_page")
register_converter(ArxivPaper, "arxiv_paper")
register_converter(Slug, "name")
register_converter(Day, "day")
register_converter(Digest, "digest")
register_converter(Week, "week")
register_converter(Month, "month")

app_name = "papers"

urlpatterns = [
    path("papers", lists.today, name="today"),
    path("papers/intro", lists.intro_hide, name="intro_hide"),
    path("papers/date/<day:day>", lists.day_list, name="day_list"),
    path("papers/week", lists.this_week, name="this_week"),
    path("papers/month", lists.this_month, name="this_month"),
    path("papers/week/<week:first>", lists.week_list, name="week_list"),
    path("papers/month/<month:first>", lists.month_list, name="month_list"),
    path("papers/jump", lists.jump, name="jump"),
    path("papers/trending", lists.trending_list, name="trending_list"),
    path("papers/submit", submit.submit, name="submit"),
    path("papers/<arxiv_paper:ref>v<int:version>", paper.version, name="paper_version"),
    path("papers/<paper:ref>/abstract", paper.abstract, name="paper_abstract"),
    path("papers/<paper:ref>/vote", marking.paper_vote, name="paper_vote"),
    path("papers/<paper:ref>/save", marking.paper_save, name="paper_save"),
    path("thumbnails/<digest:digest>.webp", thumbnail, name="thumbnail"),
    path("saved", lists.saved_list, name="saved_list"),
    path("topics", lists.topic_list, name="topic_list"),
    path("topics/<name:code>", lists.topic_page, name="topic_page"),
    path("organizations/<name:slug>", lists.organization_page, name="organization_page"),
    path("authors/<name:slug>", lists.author_page, name="author_page"),
    path("about/trending", paper.about_trending, name="about_trending"),
]
