"""Slack: questions answered in their thread, papers read where they are dropped, alerts brought to whom they concern.

intake → inbox → pool → (questions, papers, acts) → outbox → sending. Whatever arrives is claimed in SQL before Slack is told that
it arrived, and whatever is said is stored before it is sent, so that a crash at any instant loses nothing and doubles nothing.
"""
