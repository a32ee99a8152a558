"""The job board API: openings as JSON for other programs, compatible with Greenhouse's job board API.

https://developers.greenhouse.io/job-board.html
"""
