/** The notebooks and what they answer: names, and how each answer is told. */
import { z } from 'zod'
import { type Kind, kinds } from './names.ts'

export const notebookIds = ['batch', 'streaming'] as const
export const notebookIdSchema = z.enum(notebookIds)
export type NotebookId = z.infer<typeof notebookIdSchema>

/** The widgets for what is not called as usual: `pin_topic` of `batch`, `pin_stream` of `streaming`. */
export const ownNames = (
  what: 'topic' | 'stream',
  names: Readonly<Partial<Record<Kind, string | undefined>>>,
): Record<string, string> =>
  Object.fromEntries(
    kinds.flatMap((kind) => (names[kind] === undefined ? [] : [[`${kind}_${what}`, names[kind]]])),
  )

export const notebookTexts: Readonly<Record<NotebookId, { readonly title: string; readonly text: string }>> =
  {
    batch: {
      title: 'Batch: eight questions',
      text: 'Cleans what is in the lake and answers the eight questions of the brief.',
    },
    streaming: {
      title: 'Streaming: three tables',
      text: 'Reads the three streams to their end, cleans each record and appends it to a Delta table of its own.',
    },
  }

/** In the order of the brief (facts: pipeline 5.3). */
export const answerIds = [
  'category_by_country',
  'category_by_year',
  'top_user_by_country',
  'top_country',
  'category_by_age',
  'followers_by_age',
  'joined_by_year',
  'followers_by_year',
  'followers_by_year_and_age',
] as const
export type AnswerId = (typeof answerIds)[number]

export const answerTitles: Readonly<Record<AnswerId, string>> = {
  category_by_country: 'The most popular category in each country',
  category_by_year: 'The most popular category of each year, 2018 to 2022',
  top_user_by_country: 'The user with the most followers in each country',
  top_country: 'The country of the user with the most followers',
  category_by_age: 'The most popular category of each age group',
  followers_by_age: 'The median follower count of each age group',
  joined_by_year: 'How many users joined in each year, 2015 to 2020',
  followers_by_year: 'The median follower count by the year of joining, 2015 to 2020',
  followers_by_year_and_age: 'The median follower count by the year of joining and the age group',
}

/** How many columns at the left say what a row is about; the others answer. Where it is none, the whole row is the answer. */
export const answerKeys: Readonly<Record<AnswerId, number>> = {
  category_by_country: 1,
  category_by_year: 1,
  top_user_by_country: 1,
  top_country: 0,
  category_by_age: 1,
  followers_by_age: 1,
  joined_by_year: 1,
  followers_by_year: 1,
  followers_by_year_and_age: 2,
}

/** The brief's, youngest first. */
export const ageGroups = ['18-24', '25-35', '36-50', '+50'] as const

/** A cell of a table: what JSON has. */
export const valueSchema = z.json()
export type Value = z.infer<typeof valueSchema>

export const answerSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(valueSchema)),
  /** There were more rows than are told. */
  truncated: z.boolean(),
})

export type Answer = z.infer<typeof answerSchema>

/** What the notebook `batch` ends with (`dbutils.notebook.exit`), here and in Databricks. */
export const answersSchema = z.object({
  version: z.literal(1),
  answers: z.record(z.enum(answerIds), answerSchema),
})
export type Answers = z.infer<typeof answersSchema>
