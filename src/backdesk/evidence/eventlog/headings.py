"""The headings under which exports write the roles of a log, in the order of trust.

XES and pm4py, Celonis, SAP, ServiceNow and Jira, common English, German and Dutch. Compared are the letters and
digits alone: "Case ID", "case_id" and "CaseID" are one heading.
"""

from __future__ import annotations

from typing import Final

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ë": "e"})

_CASE: Final = """
    caseconceptname caseid case casekey casenumber caseno casenr tracename traceid trace
    processinstanceid processinstance instanceid ticketid ticketnumber ticket issuekey issueid issue
    incidentid incidentnumber incident requestid requestnumber request orderid ordernumber orderno order
    claimid claimnumber claim applicationid applicationnumber application invoiceid invoicenumber invoice
    purchaseorder purchasingdocument documentnumber documentid document dossiernumber dossierid dossier
    objectid objectvalue workitemid jobid key number
    fallid fallnummer fallnr fall vorgangsid vorgangsnummer vorgangsnr vorgangid vorgang prozessinstanz
    ticketnummer auftragsid auftragsnummer auftragsnr auftrag bestellnummer bestellung belegnummer beleg
    rechnungsnummer rechnung antragsnummer antrag aktenzeichen schadennummer
    zaakid zaaknummer zaak dossiernummer ordernummer
    ebeln vbeln belnr banfn aufnr objectclasskey
"""
_ACTIVITY: Final = """
    conceptname activity activityname activityen activityde activitylabel task taskname step stepname
    processstep event eventname action actionname operation operationname workstep
    aktivitaet taetigkeit prozessschritt arbeitsschritt vorgangsschritt schritt aufgabe ereignis aktion
    activiteit taak stap handeling
    tostatus newstatus newvalue status state tcode transactioncode
"""
_END: Final = """
    endtime endtimestamp enddatetime enddate endedat ended end timestampend timeend
    completetimestamp completetime completiontime completiontimestamp completedat completedon completed
    finishtime finishtimestamp finishedat finished finish closedat closedon closed resolvedat resolved
    doneat doneon done
    endzeit endzeitpunkt enddatum endezeit ende beendetam beendet abgeschlossenam abgeschlossen
    erledigtam erledigt fertigam einde eindtijd einddatum
"""
_TIME: Final = """
    timetimestamp timestamp eventtime eventtimestamp eventdatetime eventdate datetime time date
    zeitstempel zeitpunkt datumuhrzeit datumzeit uhrzeit zeit datum tijdstip tijd
    occurredat recordedat loggedat createdat createdon created changedat changedon updatedat updatedon updated
    syscreatedon sysupdatedon geaendertam erfasstam bearbeitetam at
"""
_START: Final = """
    starttime starttimestamp startdatetime startdate startedat started start timestampstart timestart
    begintime begintimestamp beganat begindate begin workstart actualstart
    startzeit startzeitpunkt startdatum beginn begonnenam begonnen anfang starttijd
"""
_RESOURCE: Final = """
    orgresource resource resourcename resourceid user username userid usr performer performedby agent agentname
    employee employeeid employeename worker person personname staff assignee assignedto owner author handler
    operator originator completedby closedby doneby changedby updatedby createdby sysupdatedby syscreatedby who
    ressource bearbeiter bearbeitername sachbearbeiter mitarbeiter mitarbeiterin benutzer benutzername
    nutzer anwender ausfuehrender erledigtvon bearbeitetvon geaendertvon medewerker behandelaar gebruiker
    usnam ernam aenam
"""
_TEAM: Final = """
    orggroup team teamname group groupname assignmentgroup workgroup supportgroup queue orgunit
    gruppe arbeitsgruppe bearbeitergruppe organisationseinheit groep orgrole
"""
_PARTY: Final = """
    party orgorganization organization organisation company companyname provider partner serviceprovider
    dienstleister firma unternehmen partei bedrijf
"""
_FUNCTION: Final = """
    function functionname businessfunction department departmentname division businessarea
    funktion abteilung fachbereich bereich afdeling
"""
_LIFECYCLE: Final = """
    lifecycletransition lifecycle transition eventtype eventlifecycle lifecyclestatus transitiontype
"""

CASE, ACTIVITY, END, TIME, START, RESOURCE, TEAM, PARTY, FUNCTION, LIFECYCLE = (
    tuple(words.split())
    for words in (_CASE, _ACTIVITY, _END, _TIME, _START, _RESOURCE, _TEAM, _PARTY, _FUNCTION, _LIFECYCLE)
)

# Words within a longer heading that tell a time's role, unless one of the others says that it is only a plan.
START_WORDS: Final = frozenset(("start", "started", "begin", "began", "beginn", "anfang"))
END_WORDS: Final = frozenset(
    ("end", "ended", "finish", "finished", "complete", "completed", "closed", "done", "ende")
)
PLAN_WORDS: Final = frozenset(
    ("planned", "plan", "due", "target", "expected", "enable", "enabled", "soll", "case")
)


def plain(heading: str) -> str:
    """Reduce a heading to its letters and digits, in lower case.

    >>> plain("case:concept:name"), plain("Tätigkeit"), plain("_CASE_KEY")
    ('caseconceptname', 'taetigkeit', 'casekey')
    """
    return "".join(filter(str.isalnum, heading.casefold().translate(_UMLAUTS)))


def words(heading: str) -> frozenset[str]:
    """Cut a heading into its words, also where only capitals part them.

    >>> sorted(words("actualStart_time"))
    ['actual', 'start', 'time']
    """
    parted = ""
    for before, character in zip(" " + heading, heading, strict=False):
        parted += " " if character.isupper() and before.islower() else ""
        parted += character if character.isalnum() else " "
    return frozenset(parted.casefold().split())
