"""Careers: the bilingual careers website that a company hosts itself.

The rooms, bottom to top; imports go down only (`make check` proves it):

    japanese     text as it is really typed, and where a heading may break
    prose        rich text: HTML in, safe HTML or plain text out
    languages    this page in the other language, and what to show where a text is missing
    headers      what every answer tells the browser
    media        public pictures and films, named by their content
    staff        who may come in, and what they may do
    pagecache    the generation: the number that moves when a page changes
    publishing   what a visitor may see, and since when
    company      the company itself: perks, values, steps, policies
    articles     interview advice
    roles        the openings
    pages        pages that mix rooms: home, working here, hiring, policies
    desk         the recruiters' workplace, and the work done in the background
"""
