export { codeOfError, failureOf, failureText, type Failure, type WithoutValues } from './failure.ts';
export { isTracing, Span, startSpan, startTracing, type Tracing } from './tracing.ts';
