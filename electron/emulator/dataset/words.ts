/** What people pin: for each of the 13 categories the things, the manner, and the tags of the built-in dataset. */

export interface Words {
  readonly things: readonly string[]
  readonly manners: readonly string[]
  /** At least nine: a post carries nine different ones. */
  readonly tags: readonly string[]
}

const words = (things: string, manners: string, tags: string): Words => ({
  things: things.split('|'),
  manners: manners.split('|'),
  tags: tags.split('|'),
})

export const wordsOf: Readonly<Record<string, Words>> = {
  art: words(
    'Watercolor Landscapes|Portrait Sketches|Abstract Paintings|Ink Drawings|Sculptures in Clay|Murals',
    'Dreamy|Bold|Easy|Modern|Surreal|Minimal',
    'Art Drawings|Watercolor Art|Art Inspo|Canvas Painting|Sketchbook Ideas|Art Painting|Abstract|Illustration|Acrylic Painting|Pencil Drawings|Art Tutorials|Aesthetic Art|Art Prints|Line Art',
  ),
  beauty: words(
    'Nail Designs|Eye Makeup Looks|Hair Color Ideas|Skincare Routines|Braided Hairstyles|Lipstick Shades',
    'Glowing|Natural|Quick|Elegant|Bold|Everyday',
    'Makeup Looks|Nail Art|Skin Care Tips|Hair Styles|Beauty Hacks|Eyeshadow|Short Hair|Glowing Skin|Manicure|Natural Makeup|Beauty Routine|Hair Care|Lip Colors|Brows',
  ),
  christmas: words(
    'Tree Decorations|Gift Wrapping Ideas|Cookies|Front Porch Decor|Wreaths|Table Settings',
    'Cozy|Classic|Homemade|Rustic|Cheerful|Budget',
    'Christmas Decor|Xmas Crafts|Holiday Baking|Christmas Tree|Winter Decor|Christmas Gifts|Ornaments|Noel|Christmas Wreaths|Holiday Season|Christmas Lights|Advent|Stockings|Farmhouse Christmas',
  ),
  'diy-and-crafts': words(
    'Paper Flowers|Macrame Wall Hangings|Mason Jar Projects|Painted Rocks|Crochet Baskets|Upcycled Furniture',
    'Easy|Clever|Cheap|Colourful|Weekend|Handmade',
    'Diy Projects|Crafts To Sell|Paper Crafts|Upcycling|Crochet|Macrame|Diy Home|Kids Crafts|Handmade Gifts|Woodworking|Sewing|Resin|Dollar Store Crafts|Scrapbooking',
  ),
  education: words(
    'Classroom Displays|Reading Games|Math Worksheets|Science Experiments|Study Notes|Alphabet Activities',
    'Free|Fun|Printable|Calm|Hands-on|Simple',
    'Teaching|Classroom Ideas|Homeschool|Kindergarten|Learning Activities|Study Tips|Preschool|Phonics|Lesson Plans|Math Games|Science For Kids|Teacher Resources|Literacy|Montessori',
  ),
  'event-planning': words(
    'Wedding Centerpieces|Birthday Balloons|Baby Shower Themes|Party Tables|Invitations|Dessert Tables',
    'Elegant|Garden|Boho|Last-Minute|Budget|Tropical',
    'Party Ideas|Wedding Planning|Birthday Decor|Baby Shower|Balloon Garland|Event Decor|Centerpieces|Invitations|Bridal Shower|Table Decor|Party Themes|Backdrops|Catering|Guest List',
  ),
  finance: words(
    'Budget Planners|Saving Challenges|Side Hustles|Debt Payoff Trackers|Investing Basics|Money Habits',
    'Simple|Realistic|Weekly|Smart|Beginner|Frugal',
    'Personal Finance|Budgeting|Saving Money|Investing|Passive Income|Debt Free|Money Tips|Financial Freedom|Side Hustle|Frugal Living|Credit Score|Retirement|Budget Planner|Stock Market',
  ),
  'home-decor': words(
    'Living Room Corners|Gallery Walls|Small Bedrooms|Kitchen Shelves|Entryways|Reading Nooks',
    'Warm|Scandinavian|Modern|Farmhouse|Airy|Vintage',
    'Home Decor Ideas|Living Room|Bedroom Decor|Farmhouse Style|Interior Design|Small Spaces|Wall Decor|Kitchen Design|Boho Decor|Apartment Decor|Furniture|Shelves|Lighting|House Plants',
  ),
  'mens-fashion': words(
    'Summer Outfits|Tailored Suits|Denim Jackets|Street Looks|Leather Boots|Business Casual Looks',
    'Sharp|Relaxed|Vintage|Layered|Classic|Minimal',
    'Mens Outfits|Street Style|Menswear|Mens Suits|Casual Style|Sneakers|Mens Hair|Denim|Gentleman Style|Mens Boots|Accessories|Winter Outfits|Smart Casual|Watches',
  ),
  quotes: words(
    'Morning Thoughts|Words About Strength|Love Quotes|Lines To Live By|Quotes About Change|Funny Sayings',
    'Short|Honest|Gentle|Powerful|Daily|Wise',
    'Quotes|Life Quotes|Inspirational Quotes|Motivation|Words Of Wisdom|Love Quotes|Positive Vibes|Self Love|Mindset|Funny Quotes|Strong Women|Affirmations|Happiness|Poetry',
  ),
  tattoos: words(
    'Fine Line Tattoos|Sleeve Ideas|Floral Tattoos|Matching Tattoos|Geometric Designs|Wrist Tattoos',
    'Tiny|Delicate|Bold|Meaningful|Minimal|Traditional',
    'Tattoo Ideas|Small Tattoos|Sleeve Tattoos|Flower Tattoo|Ink|Tattoo Designs|Fine Line|Back Tattoo|Matching Tattoos|Geometric Tattoo|Arm Tattoo|Tattoo Artists|Black Work|Lettering',
  ),
  travel: words(
    'Weekend Trips|Hidden Beaches|Road Trips|Packing Lists|City Breaks|Mountain Hikes',
    'Unforgettable|Cheap|Slow|Scenic|Family|Solo',
    'Travel Tips|Places To Visit|Bucket List|Travel Photography|Road Trip|Beaches|Vacation Ideas|Europe Travel|Backpacking|Travel Guide|National Parks|City Guide|Islands|Packing List',
  ),
  vehicles: words(
    'Classic Cars|Electric Bikes|Camper Vans|Vintage Motorcycles|Off-Road Trucks|Sports Cars',
    'Restored|Fast|Rare|Custom|Legendary|Compact',
    'Cars|Classic Cars|Motorcycles|Dream Cars|Super Cars|Trucks|Van Life|Muscle Cars|Vintage Cars|Car Interior|Off Road|Electric Cars|Custom Bikes|Racing',
  ),
}

export const categories: readonly string[] = Object.keys(wordsOf)
