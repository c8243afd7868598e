"""What the dossier's road tells the apps above it. All are sent inside the transaction of the act.

A receiver that raises stops the act and everything is rolled back. Mail and other effects outside the
database belong in `transaction.on_commit` of the receiver.
"""

from django.dispatch import Signal

# kwargs: version. Answers list[str]: Vietnamese sentences, each a reason why the version cannot be filed yet.
# Also asked when a page shows what is missing, so a receiver only reads.
collect_blockers = Signal()

# kwargs: version. Answers a dict that joins the top level of the frozen snapshot, for example
# {"self_assessment": {...}}. Values must be plain JSON data (strings, integers, lists, dicts).
collect_snapshot = Signal()

# kwargs: version. Answers {evidence id: [short names]}: what each paper is attached to (codes of criteria).
collect_evidence_uses = Signal()

# kwargs: old, new (DossierVersion), sent after the papers are carried over.
# A return opened `new`; `old` stays as filed.
version_opened = Signal()

# kwargs: dossier (already saved in its new state), transition (workflow.Transition), by.
dossier_moved = Signal()

# kwargs: product, user. Answers {recognition id: Linked}: what a higher app keeps of each recognition and the
# user may open (its certificate). Asked when a page shows the product, so a receiver only reads.
collect_recognition_links = Signal()

# kwargs: keep, drop (Entity). `drop` was found to be the same as `keep` and is merged into it: move what
# hangs on it. Products, accounts and years have been moved.
entities_merged = Signal()
