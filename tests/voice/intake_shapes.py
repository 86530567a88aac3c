"""Files of comments as others write them: encoding, what each column is for, scale."""

from pathlib import Path

FILES = Path(__file__).parent / "intake_files"
SHAPES = [
    (
        "airline-2015.csv",
        "utf-8",
        {"text": "content", "score": "overall_rating", "at": "date"},
        "1-10",
    ),
    (
        "airline-2019.csv",
        "utf-8",
        {"text": "customer_review", "score": "overall", "at": "review_date"},
        "1-10",
    ),
    (
        "airline-short.csv",
        "utf-8",
        {"text": "customer_review", "score": "overall", "at": "date"},
        "1-10",
    ),
    (
        "review-site.csv",
        "utf-8",
        {"text": "text", "score": "stars", "at": "date", "external_id": "review_id"},
        "1-5",
    ),
    (
        "german.csv",
        "cp1252",
        {
            "text": "Kommentar",
            "score": "Sterne",
            "at": "Datum",
            "place": "Filiale",
            "channel": "Kanal",
        },
        "1-5",
    ),
    (
        "german-text.csv",
        "utf-8-sig",
        {"text": "Bewertung", "score": "Gesamtbewertung", "at": "Besucht am"},
        "1-5",
    ),
    (
        "german-score.csv",
        "utf-8",
        {"text": "Freitext", "score": "Bewertung", "at": "Zeitpunkt"},
        "1-5",
    ),
    (
        "spanish.csv",
        "cp1252",
        {
            "text": "reseña",
            "score": "puntuación",
            "at": "fecha",
            "place": "sucursal",
            "channel": "canal",
        },
        "1-5",
    ),
    (
        "map-service.csv",
        "utf-16",
        {"text": "Review Text", "score": "Rating", "at": "Review Date"},
        "1-5",
    ),
    ("hotels.csv", "utf-8", {"text": "Review", "score": "Rating"}, "1-5"),
    (
        "messages.csv",
        "utf-8",
        {"text": "text", "at": "tweet_created", "external_id": "tweet_id"},
        None,
    ),
    (
        "survey.csv",
        "utf-8",
        {
            "text": "What is the main reason?",
            "score": "How likely are you to recommend us? (0-10)",
            "at": "Submitted At",
            "touchpoint": "Touchpoint",
            "external_id": "Response ID",
            "language": "Language",
        },
        "0-10",
    ),
    ("data-frame.csv", "utf-8", {"text": "review", "score": "rating"}, "1-5"),
]
