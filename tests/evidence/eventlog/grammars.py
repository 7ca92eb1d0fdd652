"""The rules of XES and OCEL 2.0 that a written log has to obey."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # altair brings it
from lxml import etree

# After the schema of IEEE 1849-2016, Annex: elements and their order, types of values, required attributes.
XES = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.xes-standard.org/"
  xmlns="http://www.xes-standard.org/" elementFormDefault="qualified">
<xs:element name="log" type="LogType"/>
<xs:complexType name="AttributableType"><xs:choice minOccurs="0" maxOccurs="unbounded">
  <xs:element name="string"><xs:complexType><xs:complexContent><xs:extension base="AttributeType">
    <xs:attribute name="value" use="required" type="xs:string"/></xs:extension></xs:complexContent>
  </xs:complexType></xs:element>
  <xs:element name="int"><xs:complexType><xs:complexContent><xs:extension base="AttributeType">
    <xs:attribute name="value" use="required" type="xs:long"/></xs:extension></xs:complexContent>
  </xs:complexType></xs:element>
  <xs:element name="float"><xs:complexType><xs:complexContent><xs:extension base="AttributeType">
    <xs:attribute name="value" use="required" type="xs:double"/></xs:extension></xs:complexContent>
  </xs:complexType></xs:element>
  <xs:element name="boolean"><xs:complexType><xs:complexContent><xs:extension base="AttributeType">
    <xs:attribute name="value" use="required" type="xs:boolean"/></xs:extension></xs:complexContent>
  </xs:complexType></xs:element>
  <xs:element name="date"><xs:complexType><xs:complexContent><xs:extension base="AttributeType">
    <xs:attribute name="value" use="required" type="xs:dateTime"/></xs:extension></xs:complexContent>
  </xs:complexType></xs:element>
</xs:choice></xs:complexType>
<xs:complexType name="AttributeType"><xs:complexContent><xs:extension base="AttributableType">
  <xs:attribute name="key" use="required" type="xs:string"/></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="GlobalsType"><xs:complexContent><xs:extension base="AttributableType">
  <xs:attribute name="scope" type="xs:NCName" use="required"/></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="TraceType"><xs:complexContent><xs:extension base="AttributableType"><xs:sequence>
  <xs:element name="event" type="AttributableType" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="LogType"><xs:sequence>
  <xs:element name="extension" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
    <xs:attribute name="name" use="required" type="xs:NCName"/>
    <xs:attribute name="prefix" use="required" type="xs:NCName"/>
    <xs:attribute name="uri" use="required" type="xs:anyURI"/></xs:complexType></xs:element>
  <xs:element name="global" type="GlobalsType" minOccurs="0" maxOccurs="2"/>
  <xs:element name="classifier" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
    <xs:attribute name="name" use="required" type="xs:NCName"/><xs:attribute name="scope" type="xs:NCName"/>
    <xs:attribute name="keys" use="required" type="xs:token"/></xs:complexType></xs:element>
  <xs:element name="trace" type="TraceType" minOccurs="0" maxOccurs="unbounded"/>
 </xs:sequence>
 <xs:attribute name="xes.version" type="xs:string" use="required"/><xs:attribute name="xes.features" type="xs:token"/>
</xs:complexType></xs:schema>"""

# After the XML schema of OCEL 2.0.
OCEL_XML = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:complexType name="Types"><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="strict"/>
</xs:sequence></xs:complexType>
<xs:complexType name="Type"><xs:sequence><xs:element name="attributes"><xs:complexType><xs:sequence>
  <xs:element name="attribute" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
    <xs:attribute name="name" use="required"/><xs:attribute name="type" use="required"><xs:simpleType>
      <xs:restriction base="xs:string"><xs:enumeration value="string"/><xs:enumeration value="time"/>
      <xs:enumeration value="integer"/><xs:enumeration value="float"/><xs:enumeration value="boolean"/>
      </xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:sequence><xs:attribute name="name" use="required"/></xs:complexType>
<xs:element name="object-type" type="Type"/><xs:element name="event-type" type="Type"/>
<xs:complexType name="Related"><xs:sequence>
  <xs:element name="relationship" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
    <xs:attribute name="object-id" use="required"/><xs:attribute name="qualifier" use="required"/>
  </xs:complexType></xs:element></xs:sequence></xs:complexType>
<xs:complexType name="Said"><xs:sequence>
  <xs:element name="attribute" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
    <xs:extension base="xs:string"><xs:attribute name="name" use="required"/>
    <xs:attribute name="time" type="xs:dateTime"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
</xs:sequence></xs:complexType>
<xs:complexType name="Item"><xs:sequence><xs:element name="attributes" type="Said" minOccurs="0"/>
  <xs:element name="objects" type="Related" minOccurs="0"/></xs:sequence>
  <xs:attribute name="id" use="required"/><xs:attribute name="type" use="required"/>
  <xs:attribute name="time" type="xs:dateTime"/></xs:complexType>
<xs:element name="object" type="Item"/><xs:element name="event" type="Item"/>
<xs:element name="log"><xs:complexType><xs:sequence><xs:element name="object-types" type="Types"/>
  <xs:element name="event-types" type="Types"/><xs:element name="objects" type="Types"/>
  <xs:element name="events" type="Types"/></xs:sequence></xs:complexType></xs:element></xs:schema>"""

NAMED_TYPES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "attributes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "type": {"enum": ["string", "time", "integer", "float", "boolean"]},
                    },
                    "required": ["name", "type"],
                },
            },
        },
        "required": ["name", "attributes"],
    },
}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
RELATED = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
        "required": ["objectId", "qualifier"],
    },
}


def _said(*required: str) -> dict[str, Any]:
    properties = {
        "name": {"type": "string"},
        "value": {"type": ["string", "number", "boolean"]},
        "time": MOMENT,
    }
    items = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "array", "items": items}


# After the JSON schema of OCEL 2.0.
OCEL = {
    "type": "object",
    "properties": {
        "eventTypes": NAMED_TYPES,
        "objectTypes": NAMED_TYPES,
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "time": MOMENT,
                    "attributes": _said("name", "value"),
                    "relationships": RELATED,
                },
                "required": ["id", "type", "time"],
            },
        },
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "attributes": _said("name", "value", "time"),
                    "relationships": RELATED,
                },
                "required": ["id", "type"],
            },
        },
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
}


@cache
def xes() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(XES))


@cache
def ocel_xml() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(OCEL_XML))


def check_ocel(document: dict[str, Any]) -> None:
    """Check the schema, and what it cannot say: ids are unique, what is named is declared."""
    jsonschema.validate(document, OCEL)
    declared = {
        one["name"]: {said["name"]: said["type"] for said in one["attributes"]}
        for one in document["eventTypes"]
    }
    objects = [one["id"] for one in document["objects"]]
    events = [one["id"] for one in document["events"]]
    assert len(declared) == len(document["eventTypes"])
    assert len(set(objects)) == len(objects)
    assert len(set(events)) == len(events)
    assert {one["type"] for one in document["objects"]} <= {one["name"] for one in document["objectTypes"]}
    for event in document["events"]:
        assert event["type"] in declared
        assert {one["objectId"] for one in event["relationships"]} <= set(objects)
        for said in event["attributes"]:
            if declared[event["type"]][said["name"]] == "time":
                assert re.match(MOMENT["pattern"], said["value"])


def check_ocel_sqlite(path: Path) -> None:
    """Check the tables of OCEL 2.0: each type has its own, every key is one that there is."""
    with closing(sqlite3.connect(path)) as base:
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        fixed = {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"}
        assert fixed <= tables
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for what in ("event", "object"):
            for kind, name in base.execute(f"SELECT * FROM {what}_map_type").fetchall():
                assert f"{what}_{name}" in tables
                said = {one for (one,) in base.execute(f'SELECT ocel_id FROM "{what}_{name}"')}
                ids = base.execute(f"SELECT ocel_id FROM {what} WHERE ocel_type = ?", (kind,))
                assert said == {one for (one,) in ids}
