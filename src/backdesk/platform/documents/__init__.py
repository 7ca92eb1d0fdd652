"""Documents that belong to the work: what they are is seen from their content, and pages of them are shown as pictures.

    kept = documents.keep(stream=upload, name=upload.name, organisation_id=…, limit=…)   # a StoredFile, and its kind
    documents.pages(document)                       # how many there are to show; 0 where there is nothing to draw
    documents.serve(request, document)              # the original, to be saved
    documents.serve(request, document, page=1)      # a picture of a page

Who may see a document is for the app to say before it calls `serve`: a document that two companies share is a row of
the app's, with the path, name, kind and checksum of the file.
"""

from backdesk.platform.documents.drawing import NoPicture, Paper, forget, pages
from backdesk.platform.documents.keeping import Kept, keep
from backdesk.platform.documents.serving import serve
from backdesk.platform.documents.sniffing import NotAccepted, kind_of

__all__ = [
    "Kept",
    "NoPicture",
    "NotAccepted",
    "Paper",
    "forget",
    "keep",
    "kind_of",
    "pages",
    "serve",
]
