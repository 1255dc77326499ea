export { failureOf, failureText, type Failure, type WithoutValues } from './failure.ts';
