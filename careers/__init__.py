"""Careers: the bilingual careers website that a company hosts itself.

The rooms, bottom to top; imports go down only (`make check` proves it):

    japanese      text as it is really typed, and where a heading may break
    names         countries, languages and currencies, in the language of the page
    formats       dates as each language writes them
    languages     this page in the other language, and what to show where a text is missing
    prose         rich text: HTML in, safe HTML or plain text out
    media         public pictures and films, named by their content
    static_files  collected style sheets and scripts, under hashed names
    cards         the picture that stands for a page where its address is shared
    headers       what every answer tells the browser
    logs          what the site tells its operator, and nothing about a person
    staff         who may come in, and what they may do
    pagecache     whole pages as ready bytes, until somebody edits what they show
    searching     how a record is found by its words, however they are typed
    shown         what public pages show; when it changes, they do
    publishing    what a visitor may see, and since when
    revisions     what a record said, who wrote it, and two people who write at once
    bilingual     English and Japanese side by side, for the people who write
    outbox        letters that must arrive: a row first, an e-mail later
    documents     strangers' files: checked, durable, private, never run
    company       the company itself: perks, values, steps, policies
    articles      interview advice
    roles         the openings
    questions     what people who apply are asked
    applications  from Apply to confirmed
    boards        the openings for other programs, as the JSON of a job board
    pages         pages that mix rooms: home, working here, hiring, policies; the demo
    desk          the recruiters' workplace, their own accounts, and the work done in the background
"""
