/** A row of `pinterest_data`: columns, placeholders and their nesting as the real table has them. */
import type { Pin } from '../../../shared/posts.ts'
import type { RowRandom } from './randomizer.ts'
import { categories, wordsOf } from './words.ts'

/** The texts the scraper left where it found nothing; the notebooks turn them into nulls. */
export const placeholders = {
  title: 'No Title Data Available',
  description: 'No description available Story format',
  poster_name: 'User Info Error',
  follower_count: 'User Info Error',
  tag_list: 'N,o, ,T,a,g,s, ,A,v,a,i,l,a,b,l,e',
  image_src: 'Image src error.',
} as const

export const storyFormat = 'multi-video(story page format)'

/** Longest texts seen in the real table, characters. */
const longest = { title: 199, description: 180, poster: 94, tags: 247 } as const

/**
 * Shares of all rows in the original's published output: 6.9 % are stories, and exactly these lack the description; 2.4 %
 * (of the stories) lack the image too and were not downloaded; 1.1 % (of these) lack everything; 1.5 % lack the tags.
 */
const share = { story: 0.069, video: 0.03, noImage: 0.024, nothing: 0.011, noTags: 0.015 } as const

/** `plain` asks for an image of one category without placeholders: only the fixed rows need it. */
export function makePin(random: RowRandom, index: number, plain?: { readonly category: string }): Pin {
  const kind = plain ? 1 : random.next()
  const story = kind < share.story
  const noImage = kind < share.noImage
  const nothing = kind < share.nothing
  const video = !story && kind < share.story + share.video
  const noTags = nothing || (plain ? 1 : random.next()) < (share.noTags - share.nothing) / (1 - share.nothing)

  const category = plain?.category ?? random.pick(categories)
  const unique_id = random.faker.string.uuid()
  const title = makeTitle(random, category)
  const description = makeDescription(random)
  const poster = makePoster(random)
  const followers = makeFollowers(random)
  const tags = makeTags(random, category)
  const image = makeImage(random, video || story)
  return {
    index,
    unique_id,
    title: nothing ? placeholders.title : title,
    description: story ? placeholders.description : description,
    poster_name: nothing ? placeholders.poster_name : poster,
    follower_count: nothing ? placeholders.follower_count : followers,
    tag_list: noTags ? placeholders.tag_list : tags,
    is_image_or_video: story ? storyFormat : video ? 'video' : 'image',
    image_src: noImage ? placeholders.image_src : image,
    downloaded: noImage ? 0 : 1,
    save_location: `Local save in /data/${category}`,
    category,
  }
}

function wordsFor(category: string) {
  const words = wordsOf[category]
  if (words === undefined) throw new RangeError(`There are no words for the category ${category}.`)
  return words
}

function makeTitle(random: RowRandom, category: string): string {
  const { things, manners } = wordsFor(category)
  const what = `${random.pick(manners)} ${random.pick(things)}`
  const text = random.pick([
    what,
    `${random.between(5, 101)} ${what}`,
    `${random.between(5, 50)} ${what} - ${random.faker.company.name()}`,
    `${what}: ${random.faker.company.catchPhrase()}`,
    `${what} | ${random.faker.internet.domainName()}`,
  ])
  return text.slice(0, longest.title)
}

function makeDescription(random: RowRandom): string {
  const { faker } = random
  const text = random.pick([
    () => faker.commerce.productDescription(),
    () => `${faker.hacker.phrase()} ${faker.lorem.sentence()}`,
    () => faker.food.description(),
    () => `${faker.company.catchPhrase()}. ${faker.lorem.sentences(2)}`,
  ])()
  return text.slice(0, longest.description)
}

function makePoster(random: RowRandom): string {
  const { faker } = random
  const name = random.pick([
    () => faker.person.fullName(),
    () => faker.company.name(),
    () => `${faker.person.firstName()} | ${faker.company.catchPhrase()}`,
  ])()
  return name.slice(0, longest.poster)
}

/** Digits, digits and `k`, or digits and `M`; half have fewer than about 28k, and nobody more than 8M. */
function makeFollowers(random: RowRandom): string {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  const followers = Math.min(8_000_000, Math.floor(28_000 * Math.exp(2.2 * normal)))
  if (followers >= 1_000_000) return `${Math.floor(followers / 1_000_000)}M`
  return followers >= 1_000 ? `${Math.floor(followers / 1_000)}k` : `${followers}`
}

/** Nine different tags, as the real table has them. */
function makeTags(random: RowRandom, category: string): string {
  const left = [...wordsFor(category).tags]
  const tags = Array.from({ length: 9 }, () => left.splice(random.between(0, left.length - 1), 1).join(''))
  return tags.join(',').slice(0, longest.tags)
}

function makeImage(random: RowRandom, thumbnail: boolean): string {
  const hash = random.faker.string.hexadecimal({ length: 32, casing: 'lower', prefix: '' })
  const folder = `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4, 6)}`
  return thumbnail
    ? `https://i.pinimg.com/videos/thumbnails/originals/${folder}/${hash}.0000001.jpg`
    : `https://i.pinimg.com/originals/${folder}/${hash}.jpg`
}
