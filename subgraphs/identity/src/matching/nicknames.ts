/** Short forms in English, Spanish and Portuguese, folded; the first of each line is the full name. One short form may stand for several names. */
const LINES = `
robert rob bob bobby robbie bert
william will bill billy liam willy
richard rick dick rich richie ricky
james jim jimmy jamie
john jack johnny jon
jonathan jon jonny nathan
joseph joe joey
michael mike mick micky mickey
thomas tom tommy
edward ed eddie ted teddy ned
charles charlie chuck chas
henry harry hank
harold harry hal
george georgie
david dave davy
daniel dan danny
matthew matt matty
andrew andy drew
anthony tony
christopher chris kit topher
nicholas nick nicky
stephen steve stevie
steven steve stevie
alexander alex alec sandy sasha xander
samuel sam sammy
benjamin ben benny benji
joshua josh
jacob jake
zachary zach zac zack
timothy tim timmy
patrick pat paddy
peter pete
philip phil pip
gregory greg
geoffrey geoff jeff
jeffrey jeff
kenneth ken kenny
lawrence larry laurie
leonard len lenny leo
ronald ron ronnie
donald don donnie
douglas doug
raymond ray
frederick fred freddie freddy
francis frank frankie
frank frankie
theodore theo ted teddy
oliver ollie
vincent vince vinny
walter walt wally
arthur art artie
albert al bert bertie
alfred alf alfie fred
gerald gerry jerry
maxwell max
cameron cam
nathaniel nathan nat nate
dominic dom
elizabeth liz lizzie beth betty eliza lisa bess elsie libby
katherine kate katie kathy kath kitty kat
catherine kate katie cathy cath kitty cat
margaret maggie meg peggy marge margie greta
mary molly polly
jennifer jen jenny
jessica jess jessie
rebecca becky becca bec
susan sue susie suzie
susannah sue susie
deborah deb debbie debby
barbara barb babs
patricia pat patty tricia trish
victoria vicky vic tori
alexandra alex sandra lexi sasha alexa
samantha sam sammy
christina chris tina chrissy
christine chris tina chrissy
abigail abby abi gail
amanda mandy
angela angie
charlotte charlie lottie
caroline carrie caro
dorothy dot dottie dolly
eleanor ellie nell nora
emily em emmy
evelyn evie eve
florence flo florrie
frances fran francie
georgina georgie gina
grace gracie
harriet hattie
helen nell nellie
isabella bella izzy isa
isabelle belle izzy isa
jacqueline jackie
josephine josie jo
judith judy jude
kimberly kim
lillian lily lil
louise lou
lucy lu
madeleine maddie maddy
madison maddie maddy
matilda tilly tilda mattie
melissa mel missy
michelle shelly
natalie nat
nicole nicky nikki
olivia liv livvy
pamela pam
penelope penny
philippa pip pippa
rachel rach
roberta bobbie
rosemary rose rosie
sarah sally sadie
stephanie steph stevie
tabitha tabby
theresa terry tess tessa
valerie val
veronica ronnie vera
virginia ginny
wilhelmina mina
winifred winnie fred
zoe zo
francisco paco pancho curro fran kiko quico paquito chico xico
francisca paca paqui fran chica
jose pepe pepito josele ze zeca
josefa pepa pepi
josefina fina pepa
ignacio nacho
manuel manolo manu lolo manel
manuela manoli manola manu
maria mari mariquita
antonio tono tonin toni tonho totonho
antonia toni tona tonia
dolores lola loli
concepcion concha conchi conchita
consuelo chelo
rosario charo
mercedes merche
enrique quique kike
eduardo edu lalo dudu duda
alberto beto berto
roberto beto rober
humberto beto
norberto beto
guadalupe lupe lupita
guillermo guille memo
gregorio goyo
jesus chus chuy suso
jesusa chusa
maria jesus chus
santiago santi yago
sebastian sebas
federico fede
fernando nando fer
fernanda fer nanda
alejandro alex ale jandro
alejandra alex ale jandra sandra
rafael rafa
gabriel gabi gabo
gabriela gabi
daniel dani
daniela dani
javier javi xavi
xavier xavi javi
miguel migue mike
vicente chente vice
pedro perico pedrinho
pablo pablito
ricardo richi cacho
rodrigo rodri digo
salvador salva
sergio checo
teresa tere maite tete
maria teresa maite
isabel isa chabela bel
maria isabel maribel
maria luisa marisa
maria carmen maica mamen
carmen carmela menchu
cristina cris tina
beatriz bea bia
patricia patri paty
montserrat montse
inmaculada inma
milagros mila
encarnacion encarna
pilar pili
asuncion asun
ascension chon
remedios reme
susana susi
silvia silvi
veronica vero
victoria vicky viky
catalina cata
margarita marga rita
magdalena magda lena malena
leonardo leo
leticia leti
lucia luci
luis lucho luisito
luisa lulu
joaquin quino quim ximo
jorge coque jorginho
julian juli
juan juanito juanjo
juan jose juanjo
juan carlos juanca
jose maria chema
jose luis joselu
jose manuel josema
maria jose cote
ana anita
andrea andy
angeles angelines
esperanza espe
eugenia genia
natalia nati
nicolas nico
valentin valen
valentina vale
tomas tomi
martin tincho
monica moni
raquel raqui
rocio chio
sofia sofi
yolanda yoli
joao joaozinho jao
luiz lula luizinho
paulo paulinho
marcos marquinhos
carlos carlinhos carlitos
augusto guto
gustavo guga guto gus
leandro lele
helena lena leninha
henrique rique
frederico fred
aparecida cida
conceicao ceicao
terezinha tete
tereza tete
juliana ju juli
mariana mari
luciana lu
adriana dri drica
carolina carol
caroline carol
marcelo celo
thiago ti
tiago ti
vinicius vini
guilherme gui
felipe lipe fe
matheus teteu
raimundo mundo
severino bio
sebastiao tiao
`;

/** name → every name of its lines; two names that share a line are the same name in another form. */
const lines = new Map<string, Set<number>>();
for (const [index, line] of LINES.trim().split('\n').entries()) {
  const names = line.split(' ');
  for (const name of names) {
    const of = lines.get(name) ?? new Set<number>();
    of.add(index);
    lines.set(name, of);
  }
}

/** Whether two folded given names are forms of one name: `paco` and `francisco`, `bill` and `william`. */
export function isNickname(x: string, y: string): boolean {
  const [of, other] = [lines.get(x), lines.get(y)];
  if (!of || !other) return false;
  for (const line of of) if (other.has(line)) return true;
  return false;
}

/** One name for all its short forms, for blocking: the full name of its first line, or itself. */
const canonical = new Map<string, string>();
for (const line of LINES.trim().split('\n')) {
  const [full, ...shorts] = line.split(' ');
  for (const name of [full!, ...shorts]) if (!canonical.has(name)) canonical.set(name, canonical.get(full!) ?? full!);
}
export const canonicalName = (name: string): string => canonical.get(name) ?? name;
