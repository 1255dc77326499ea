import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';

const campaign = testSubgraph(definition);

describe('the log of decisions', () => {
  it('tells what another policy would have earned, and refuses where it holds too little of it', async () => {
    const evaluate = async (policy: string, arm?: string) =>
      (
        await campaign
          .as({ role: 'analyst' })
          .graph(
            `query ($i: PolicyEvaluationInput!) { policyEvaluation(input: $i) { decisions effective logged value low high refusal } }`,
            { i: { policy, arm, from: '2027-01-01T00:00:00Z', to: '2027-02-01T00:00:00Z' } },
          )
      ).data.policyEvaluation;
    // 1,000 decisions between two candidates: the better scored one is put first nine times in ten, and taken up less often.
    await campaign.sql(`
      insert into decision (id, profile_id, channel, fingerprint, action, arm, kind, stage, probability, explored, policy_version, reason, candidates, exclusions, circumstances, decided_at)
      select gen_random_uuid(), gen_random_uuid(), 'web', '', case when n % 10 = 0 then 'b' else 'a' end, case when n % 10 = 0 then 'y' else 'x' end, 'offer', 'active',
             case when n % 10 = 0 then 0.1 else 0.9 end, n % 10 = 0, 'p', '', '[{"key":"a","arm":"x","score":2},{"key":"b","arm":"y","score":1}]', '[]', '{}', '2027-01-05T00:00:00Z'
        from generate_series(1, 2000) n`);
    await campaign.sql(`
      insert into decision_outcome (decision_id, taken, source, at)
      select id, row_number() over (partition by action order by id) % (case action when 'a' then 10 else 2 end) = 0, 'time', '2027-01-08T00:00:00Z'
        from decision where decided_at = '2027-01-05T00:00:00Z'`);
    expect(await evaluate('BEST')).toMatchObject({
      decisions: 2_000,
      value: expect.closeTo(0.1, 6),
      logged: expect.closeTo(0.14, 6),
      refusal: null,
    });
    const uniform = await evaluate('UNIFORM');
    expect(uniform.value).toBeCloseTo(0.3, 6);
    expect(uniform.low).toBeLessThan(0.3);
    expect((await evaluate('PREFER', 'y')).value).toBeCloseTo(0.5, 6);
    expect(await evaluate('PREFER', 'nobody knows')).toMatchObject({ value: expect.closeTo(0.1, 6) });
    await campaign.sql(`delete from decision where action = 'b' and decided_at = '2027-01-05T00:00:00Z'`);
    expect(await evaluate('PREFER', 'y')).toMatchObject({ value: null, refusal: expect.stringContaining('0 %') });
  });
});
