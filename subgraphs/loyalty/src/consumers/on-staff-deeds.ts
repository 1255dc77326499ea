import type { Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { awardStaff, type StaffDeed } from '../staff-incentives/award-staff.ts';

/** An answer that an associate collected, complete, from a customer who is known: anybody can fill in forms. */
export const onAnswersCollected = (
  tx: Tx,
  events: EventOf<'feedback.answer.submitted.v1'>[],
  deps: Deps,
): Promise<void> =>
  awardStaff(
    tx,
    events.flatMap(({ profileId, occurredAt, data }): StaffDeed[] =>
      data.associateId && data.complete && profileId
        ? [
            deedOf(
              `answer:${data.answerId}`,
              'feedback-collected',
              data.associateId,
              data.storeId,
              profileId,
              occurredAt,
            ),
          ]
        : [],
    ),
    deps,
  );

export const onTasksCompleted = (tx: Tx, events: EventOf<'campaign.task.completed.v1'>[], deps: Deps): Promise<void> =>
  awardStaff(
    tx,
    events.map(({ profileId, occurredAt, data }) =>
      deedOf(`task:${data.taskId}`, 'task-done', data.completedBy, data.storeId, profileId, occurredAt),
    ),
    deps,
  );

/** A sale to somebody whom the associate recognised. History that is imported was paid for long ago. */
export const onCustomersRecognised = (
  tx: Tx,
  events: EventOf<'inventory.order.completed.v1'>[],
  deps: Deps,
): Promise<void> =>
  awardStaff(
    tx,
    events.flatMap(({ profileId, occurredAt, data }): StaffDeed[] =>
      data.associateId && profileId && !data.imported
        ? [
            deedOf(
              `recognised:${data.orderId}`,
              'customer-recognised',
              data.associateId,
              data.storeId,
              profileId,
              occurredAt,
            ),
          ]
        : [],
    ),
    deps,
  );

/** `data_captured`, with the associate in its properties, and only where the customer agreed to it. */
export const onDataCaptured = (tx: Tx, events: EventOf<'identity.event.tracked.v1'>[], deps: Deps): Promise<void> =>
  awardStaff(
    tx,
    events.flatMap(({ profileId, occurredAt, data }): StaffDeed[] => {
      const { associateId, consented } = data.properties;
      return data.kind === 'data_captured' &&
        typeof associateId === 'string' &&
        associateId !== '' &&
        consented === true &&
        profileId
        ? [
            deedOf(
              `captured:${data.eventId}`,
              'data-captured',
              associateId.slice(0, 100),
              data.storeId,
              profileId,
              occurredAt,
            ),
          ]
        : [];
    }),
    deps,
  );

const deedOf = (
  source: string,
  kind: string,
  associate: string,
  storeId: string | null | undefined,
  profileId: string | undefined,
  occurredAt: string,
): StaffDeed => ({
  source,
  kind,
  associate,
  storeId: storeId ?? null,
  profileId: profileId ?? null,
  occurredAt: new Date(occurredAt),
});
