"""Korean says the half of the day before the hour: 2026년 11월 30일 오후 11:59."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
SHORT_DATETIME_FORMAT = "Y-n-j H:i"
TIME_FORMAT = "A g:i"
