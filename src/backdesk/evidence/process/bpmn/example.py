"""A small process, for the examples in docstrings, the documentation and the tests."""

from typing import Final

INVOICE: Final = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:backdesk="urn:backdesk:process:1"
    targetNamespace="urn:example">
  <process id="Invoice" name="Invoice entry">
    <laneSet id="Lanes">
      <lane id="Agents" name="Provider" backdesk:party="provider" backdesk:role="agent">
        <flowNodeRef>Received</flowNodeRef>
        <flowNodeRef>Key</flowNodeRef>
        <flowNodeRef>Clear</flowNodeRef>
        <flowNodeRef>Check</flowNodeRef>
        <flowNodeRef>Good</flowNodeRef>
        <flowNodeRef>Done</flowNodeRef>
      </lane>
      <lane id="Client" name="Client" backdesk:party="client" backdesk:role="employee">
        <flowNodeRef>Answer</flowNodeRef>
      </lane>
    </laneSet>
    <startEvent id="Received" name="Received"/>
    <userTask id="Key" name="Key the invoice" backdesk:skill="invoices" backdesk:minutes="4"/>
    <exclusiveGateway id="Clear" name="All clear?" default="ToCheck"/>
    <userTask id="Check" name="Check the invoice" backdesk:kind="review" backdesk:of="Key"/>
    <exclusiveGateway id="Good" name="Right?" default="Right"/>
    <userTask id="Answer" name="Answer a question" backdesk:kind="client"/>
    <boundaryEvent id="Late" name="2 days" attachedToRef="Answer">
      <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <endEvent id="Done" name="Delivered"/>
    <sequenceFlow id="ToKey" sourceRef="Received" targetRef="Key"/>
    <sequenceFlow id="Keyed" sourceRef="Key" targetRef="Clear"/>
    <sequenceFlow id="ToAnswer" name="no" sourceRef="Clear" targetRef="Answer">
      <conditionExpression>output.unclear</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="Answered" sourceRef="Answer" targetRef="Key"/>
    <sequenceFlow id="Unanswered" sourceRef="Late" targetRef="Check"/>
    <sequenceFlow id="ToCheck" name="yes" sourceRef="Clear" targetRef="Check"/>
    <sequenceFlow id="Checked" sourceRef="Check" targetRef="Good"/>
    <sequenceFlow id="Wrong" name="no" sourceRef="Good" targetRef="Key">
      <conditionExpression>review.wrong</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="Right" name="yes" sourceRef="Good" targetRef="Done"/>
  </process>
</definitions>
"""
