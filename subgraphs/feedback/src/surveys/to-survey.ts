import type { Survey as SurveyRow } from './survey.ts';
import { Survey } from './survey.type.ts';

export const toSurvey = ({ definition, ...row }: SurveyRow): Survey => Object.assign(new Survey(), row, definition);
