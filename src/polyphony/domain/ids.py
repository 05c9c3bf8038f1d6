"""Typed identifiers: a CaseId is never handed where a CustomerId is meant."""

from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
AgentId = NewType("AgentId", UUID)  # the same value as the PersonId of the agent
ArrivalId = NewType("ArrivalId", UUID)
CaseId = NewType("CaseId", UUID)
CustomerId = NewType("CustomerId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
DepartmentId = NewType("DepartmentId", UUID)
IdentityId = NewType("IdentityId", UUID)
InteractionId = NewType("InteractionId", UUID)
MessageId = NewType("MessageId", UUID)
OfferId = NewType("OfferId", UUID)
PersonId = NewType("PersonId", UUID)
QueueId = NewType("QueueId", UUID)
RecordId = NewType("RecordId", UUID)
SkillId = NewType("SkillId", UUID)
WorkItemId = NewType("WorkItemId", UUID)
