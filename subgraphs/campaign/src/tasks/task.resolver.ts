import { Allow } from '@trenza/auth';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { findTask, taskFrom, worklist } from './read-tasks.ts';
import {
  CampaignTask,
  CampaignTaskConnection,
  CampaignTaskPayload,
  CampaignTaskState,
  ClaimTaskInput,
  CompleteTaskInput,
  CreateTaskInput,
} from './task.type.ts';
import { askForTask, claimTask, completeTask } from './work-task.ts';

const TO_DO = ['open', 'claimed'];

@Resolver()
export class TaskResolver {
  @Query(() => CampaignTaskConnection, {
    description: 'What the people of a store have to do for customers, the next due first.',
  })
  @Allow({ roles: ['care', 'marketer', 'analyst', 'admin'], store: (_, args) => args['storeId'] })
  storeTasks(
    @Arg('storeId', () => ID, { description: 'The store.' }) storeId: string,
    @Ctx() ctx: Context,
    @Arg('state', () => CampaignTaskState, {
      nullable: true,
      description: 'Only those; to do (open or claimed) if empty.',
    })
    state: string | null,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignTaskConnection> {
    return worklist(ctx, { storeId, states: state ? [state] : TO_DO, first, after });
  }

  @Query(() => CampaignTaskConnection, {
    description: 'What customer care has to do: tasks that belong to no store, the next due first.',
  })
  @Allow({ roles: ['care', 'admin'] })
  careTasks(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignTaskConnection> {
    return worklist(ctx, { storeId: null, states: TO_DO, first, after });
  }

  @Query(() => CampaignTask, {
    nullable: true,
    description: 'One task; null where there is none or it is another store’s.',
  })
  @Allow({ roles: ['associate', 'care', 'marketer', 'admin'] })
  async campaignTask(
    @Arg('id', () => ID, { description: 'The task.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<CampaignTask | null> {
    const row = await findTask(ctx.database, id);
    const { role, stores } = ctx.caller;
    return row && (role !== 'associate' || stores.includes(row.store_id ?? '')) ? taskFrom(row, ctx.now()) : null;
  }

  @Mutation(() => CampaignTaskPayload, {
    description: 'Take a task, so that nobody else does it too. Taking it again changes nothing.',
  })
  @Allow({ roles: ['associate', 'care', 'admin'] })
  claimTask(
    @Arg('input', () => ClaimTaskInput) input: ClaimTaskInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignTaskPayload> {
    return mutate(ctx, CampaignTaskPayload, async (tx) => ({ task: await claimTask(tx, input.taskId, ctx) }));
  }

  @Mutation(() => CampaignTaskPayload, {
    description: 'Close a task with what came of it. Repeating it with the same outcome changes nothing.',
  })
  @Allow({ roles: ['associate', 'care', 'admin'] })
  completeTask(
    @Arg('input', () => CompleteTaskInput) input: CompleteTaskInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignTaskPayload> {
    return mutate(ctx, CampaignTaskPayload, async (tx) => ({ task: await completeTask(tx, input, ctx) }));
  }

  @Mutation(() => CampaignTaskPayload, {
    description: 'Ask a store or customer care to do something for a customer, for example invite her.',
  })
  @Allow({ roles: ['marketer', 'care', 'admin', 'service'] })
  createTask(
    @Arg('input', () => CreateTaskInput) input: CreateTaskInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignTaskPayload> {
    return mutate(ctx, CampaignTaskPayload, async (tx) => {
      const { id } = await once(tx, 'createTask', input, async () => ({ id: await askForTask(tx, input, ctx) }));
      return { task: taskFrom((await findTask(tx, id))!, ctx.now()) };
    });
  }
}
