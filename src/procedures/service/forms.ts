import { choice, form, longText, optional, structure } from '../../kernel/fields';
import Joi from 'joi';

export interface Line { from: 'person' | 'agent'; text: string; at: string }

export const SUBJECTS = { rules: '政策规定', handling: '事项办理', technical: '系统使用', other: '其他' } as const;

export const data = {
  question: longText('要问的问题', { min: 2, max: 1000 }),
  transcript: optional(longText('最近对话', { max: 2000 })),
  lines: structure<Line[]>('答复与追问', 'service-lines', Joi.any()),
  subject: optional(choice('问题类别', SUBJECTS)),
};

export const openForm = form({ question: data.question, transcript: data.transcript });
export const answerForm = form({ text: longText('答复', { min: 1, max: 1000 }) });
export const followUpForm = form({ text: longText('补充说明', { min: 1, max: 1000 }) });
export const closeForm = form({ text: optional(longText('答复', { min: 1, max: 1000 })), subject: choice('问题类别', SUBJECTS) });

export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;
