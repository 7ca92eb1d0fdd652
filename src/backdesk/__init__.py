"""Outsourcing back-office work on evidence: plan, hand over, work, supervise."""
