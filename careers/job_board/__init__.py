"""The job board API: open roles as JSON, compatible with Greenhouse's job board API.

https://developers.greenhouse.io/job-board.html
"""
