"""Articles to reports to incidents: two Faust applications around plain functions.

    articles ─► extract_app ─► reports ─► resolve_app ─► incidents
                extract/                  resolve/

The functions in `extract/` and `resolve/` import no client and no clock.  `stage` states what both applications do
with their input so that nothing is lost and nothing counts twice.
"""
