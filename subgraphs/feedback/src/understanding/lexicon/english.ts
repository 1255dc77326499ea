import type { Lexicon } from './lexicon.ts';

/** English, as written in reviews and to a shop's customer care. */
export const english: Lexicon = {
  language: 'en',
  words: [
    [
      3,
      `excellent* amazing* awesome* fantastic* perfect* wonderful* outstanding* superb* brilliant* phenomenal* exceptional* incredible*
       incredibly love loved loves loving lovely adore* best flawless* magnificent* marvel* stunning* spectacular* terrific* fabulous*
       delicious* impeccabl* superior unbeatable thrilled delighted ecstatic gem masterpiece amazed obsessed`,
    ],
    [
      2,
      `good great nice happy pleased satisf* enjoy* easy easily easier recommend* helpful* fast quick quickly prompt* friendly polite
       courteous comfortable comfy beautiful* gorgeous cute convenient useful reliab* sturdy durable solid elegant
       impress* favorite* favourite* fun funny glad excited exciting cool clean bargain affordable worth worthwhile better
       smooth* seamless* effortless* premium accurate* responsive professional* efficient* thank* grateful
       appreciat* pleasant* pleasure charming stylish cozy cosy crisp tasty fresh generous kind thoughtful attentive knowledgeable
       wow handy neat ideal versatile powerful trustworth* honest* genuine* exceeded exceeds entertaining addictive blast fascinat*
       hilarious priceless upgrade* improve* success* win winner praise* flattering soft`,
    ],
    [
      1,
      `like liked likes well works working simple intuitive fine decent cheap inexpensive value clear safe secure
       handy right new plus advantage interesting smart clever learn* thanks warm compact lightweight light portable stable
       correct* complete* helps helped fits fit useful surprised surprisingly positive free gift
       compatible welcom* care cares hope* trust luxur* rich strong variety creative original`,
    ],
    [
      -1,
      `slow* wait waited waiting late return returned returning refund* missing lack* small tight heavy noisy noise expensive overpriced pricey
       hard stiff thin flimsy doubt* odd strange weird limited basic average mediocre meh ok confus* difficult* unfortunately 
       sadly wish instead tried trying stopped stop cancel* replac* repair* cheaply only unclear mixed issue issues concern*
       complicated inconvenien* hassle annoy* cold dark dull plain loose outdated unsure overrated least unless`,
    ],
    [
      -2,
      `bad badly worse poor poorly disappoint* broken broke break breaks breaking defect* fault* fail* problem* complain* complaint* error* wrong
       delay* unhappy unsatisf* dissatisf* unacceptable rude unfriendly unhelpful unprofessional incompeten* dirty damage* scratch*
       stain* torn rip ripped leak* crack* crash* glitch* bug bugs buggy freez* disconnect* dead die dies died dying useless uncomfortable ugly
       boring bored bore frustrat* irritat* angry mad upset sad regret* mistake* lie lies lied lying liar* fake counterfeit misleading
       mislead* deceptive decei* false unreliable unusable unstable inaccurate ignored ignore ignores lost lose loses losing 
       wasted waste wasting overcharg* spam creepy scary hurt* pain* stuck trouble* troubl* negative refuse* refused unable impossible
       defunct dumb stupid silly weak sucks suck lousy lame mess messy sloppy careless neglect* abandon* hassles crooked
       junky flop fell shrunk shrink* faded fade* stale rotten expired bland tasteless smell* smelly stink* itchy unfair
       cheated refuse nightmare* lacking inferior inadequate underwhelm* intermittent* baffl* fiddly shortcoming* drawback* downside* annoying* forces dislike* disliked`,
    ],
    [
      -3,
      `terribl* horribl* awful* worst atrocious* appalling* abysmal* disgust* dreadful* pathetic* garbage trash rubbish crap crappy junk scam* scammer*
       fraud* ripoff hate hated hates worthless disaster* disgrac* shameful shame horrend* horrid* inexcusabl* unbearabl*
       insult* ridiculous* outrag* infuriat* furious shit* bullshit robbery thieves thief steal* stole stolen cheat* con liars
       avoid nasty vile toxic`,
    ],
  ],
  phrases: [
    [
      3,
      `highly recommend
       would recommend
       definitely recommend
       five stars
       5 stars
       must have
       can't go wrong
       cant go wrong
       cannot go wrong
       top notch
       second to none
       could not be happier
       couldn't be happier
       couldnt be happier
       will buy again
       would buy again
       buy another
       bought another
       ordered another
       buying another
       blown away
       exceeded my expectations
       ahead of schedule
       works great
       game changer`,
    ],
    [
      2,
      `no problem
       no problems
       no issues
       no complaints
       no issue
       no trouble
       no regrets
       not bad
       worth it
       worth every penny
       well worth
       works well
       as described
       as advertised
       as expected
       on time
       early delivery
       arrived early
       easy to use
       easy to set up
       never disappoints
       doesn't disappoint
       does not disappoint
       won't regret
       what i wanted
       hard to beat
       pretty good
       so far so good
       can't wait
       cant wait
       can not wait`,
    ],
    [
      0,
      `would like
       looks like
       look like
       feels like
       sounds like
       sound like
       seems like
       kind of
       as well
       in order
       customer service
       customer care
       good morning
       get me wrong
       thanks for nothing
       alarm clock
       right now
       hard drive
       too good to be true
       return policy
       play free
       smart home
       the only thing
       not only
       like to
       like a
       like the
       like alexa
       stopped using my`,
    ],
    [
      -2,
      `not worth
       wouldn't recommend
       would not recommend
       don't recommend
       do not recommend
       cannot recommend
       can't recommend
       stopped working
       stops working
       quit working
       stop working
       does not work
       doesn't work
       doesnt work
       did not work
       didn't work
       didnt work
       won't work
       not working
       never worked
       not as good
       not so good
       not good enough
       not what i
       used to be
       too small
       too big
       too expensive
       too slow
       too late
       too loud
       too much
       falls apart
       fell apart
       sent it back
       send it back
       sending it back
       returned it
       returning it
       took forever
       no response
       no reply
       no answer
       no help
       out of stock
       could be better
       could have been
       needs improvement
       room for improvement
       would have been nice
       not even
       does not even
       three times
       several times
       twice
       let down
       hit or miss
       gave up
       give up
       so so
       at first
       power cord
       less than
       no way to
       get rid of
       way to disable
       had to return
       had to send
       over priced
       keeps
       not much
       no longer`,
    ],
    [
      -3,
      `waste of money
       waste of time
       wasted money
       never again
       zero stars
       one star
       1 star
       want my money back
       money back
       stay away
       do not buy
       don't buy
       dont buy
       not recommend
       buyer beware
       never buy
       never order
       rip off
       piece of junk
       worst ever
       nothing but trouble`,
    ],
  ],
  expected: `work worked arrive* receiv* deliver* respond* reply replied answer answered answers connect connects connected fix* resolv* solv* turn turned show hear hears understand understands
    recogniz* recognis* keep stay pair sync play plays accept accepts accepted`,
  negators: `not no never nor neither without none nothing hardly barely cannot cant dont doesnt didnt wont isnt wasnt arent werent couldnt wouldnt shouldnt havent hasnt hadnt aint nobody`,
  intensifiers: `very really so extremely absolutely totally completely super highly incredibly too quite such definitely especially truly much most`,
  diminishers: `slightly somewhat little bit fairly kinda rather almost less`,
  contrasts: `but however although though except yet unfortunately`,
  marks: `the and is was it to of my this for with that have you are not but they be when so had if we on at from would as were
    has very i he she what which there been`,
};
