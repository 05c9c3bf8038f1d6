// Emoji with their names in English, Czech, Polish and Russian; the other half is beside it.

export default `
😀 grinning|radost|radość|радость
😃 happy|šťastný|szczęśliwy|счастье
😄 smile|úsměv|uśmiech|улыбка
😁 beaming|zářivý|promienny|сияю
😆 laughing|smích|śmiech|смех
😅 sweat smile|pot úsměv|uśmiech pot|нервный смех
🤣 rofl|válím se|tarzam się|катаюсь
😂 tears of joy|slzy smíchu|łzy śmiechu|слёзы смеха
🙂 slight smile|mírný úsměv|lekki uśmiech|лёгкая улыбка
🙃 upside down|vzhůru nohama|do góry nogami|вверх ногами
😉 wink|mrknutí|mrugnięcie|подмигиваю
😊 blush|červenám se|rumieniec|румянец
😇 angel|anděl|anioł|ангел
🥰 in love|zamilovaný|zakochany|влюблён
😍 heart eyes|srdce v očích|serca w oczach|глаза сердца
🤩 star struck|nadšení|zachwyt|восторг
😘 kiss|polibek|całus|поцелуй
😋 yummy|mňam|pycha|вкусно
😛 tongue|jazyk|język|язык
🤪 zany|bláznivý|zwariowany|дурачусь
🤗 hug|objetí|uścisk|обнимаю
🤔 thinking|přemýšlím|myślę|думаю
🤨 raised eyebrow|zvednuté obočí|uniesiona brew|бровь
😐 neutral|neutrální|neutralny|нейтрально
😑 expressionless|bez výrazu|bez wyrazu|без эмоций
😶 no mouth|beze slov|bez słów|без слов
😏 smirk|úšklebek|uśmieszek|ухмылка
😒 unamused|otrávený|znudzony|недоволен
🙄 eye roll|oči v sloup|przewracam oczami|закатил глаза
😬 grimace|grimasa|grymas|гримаса
😌 relieved|úleva|ulga|облегчение
😔 pensive|zadumaný|zamyślony|задумчив
😪 sleepy|ospalý|śpiący|сонный
😴 sleeping|spánek|sen|сплю
😷 mask|rouška|maseczka|маска
🤒 sick|nemocný|chory|болен
🤕 bandage|obvaz|bandaż|травма
🤧 sneeze|kýchnutí|kichnięcie|чихаю
🥵 hot|horko|gorąco|жарко
🥶 cold|zima mrznu|zimno|холодно
🤯 mind blown|ohromen|szok|взрыв мозга
🥳 party|oslava|impreza|вечеринка
😎 cool|pohoda|luz|круто
🤓 nerd|šprt|kujon|ботан
🧐 monocle|monokl|monokl|монокль
😕 confused|zmatený|zdezorientowany|растерян
😟 worried|obavy|zmartwiony|тревога
🙁 frown|zamračený|smutna mina|хмурый
😮 surprised|překvapení|zdziwienie|удивление
😲 astonished|úžas|zdumiony|изумление
😳 flushed|rozpaky|zakłopotany|смущён
🥺 pleading|prosím|błagam|умоляю
😨 fearful|strach|strach|страх
😰 anxious|úzkost|niepokój|беспокойство
😥 sad relieved|smutná úleva|smutna ulga|грусть
😢 cry|pláč|płacz|плач
😭 sob|vzlykám|szloch|рыдаю
😱 scream|křik|krzyk|крик
😖 confounded|zdrcený|skołowany|смятение
😣 persevering|vytrvám|wytrwam|терплю
😞 disappointed|zklamaný|rozczarowany|разочарован
😓 downcast|skleslý|przygnębiony|подавлен
😩 weary|vyčerpaný|wyczerpany|измучен
😫 tired|unavený|zmęczony|устал
🥱 yawn|zívání|ziewanie|зеваю
😤 triumph|frkání|prycham|фыркаю
😡 angry|vztek|wściekły|злость
🤬 swearing|nadávky|przekleństwa|ругань
😈 devil|ďábel|diabeł|дьявол
💀 skull|lebka|czaszka|череп
💩 poop|hovínko|kupa|какашка
🤡 clown|klaun|klaun|клоун
👻 ghost|duch|duch|призрак
👽 alien|mimozemšťan|kosmita|инопланетянин
🤖 robot|robot|robot|робот
😺 cat smile|kočka úsměv|kot uśmiech|кот улыбка
🙈 see no evil|nevidím|nie widzę|не вижу
🙉 hear no evil|neslyším|nie słyszę|не слышу
🙊 speak no evil|nemluvím|nie mówię|молчу
💋 lips|rty|usta|губы
💌 love letter|milostný dopis|list miłosny|любовное письмо
💘 heart arrow|srdce šíp|serce strzała|сердце стрела
💝 heart ribbon|srdce stuha|serce wstążka|сердце лента
💖 sparkling heart|zářící srdce|błyszczące serce|сияющее сердце
💔 broken heart|zlomené srdce|złamane serce|разбитое сердце
❤️ heart|srdce|serce|сердце
🧡 orange heart|oranžové srdce|pomarańczowe serce|оранжевое сердце
💛 yellow heart|žluté srdce|żółte serce|жёлтое сердце
💚 green heart|zelené srdce|zielone serce|зелёное сердце
💙 blue heart|modré srdce|niebieskie serce|синее сердце
💜 purple heart|fialové srdce|fioletowe serce|фиолетовое сердце
🖤 black heart|černé srdce|czarne serce|чёрное сердце
🤍 white heart|bílé srdce|białe serce|белое сердце
💯 hundred|sto|sto|сто
💢 anger|zlost|złość|гнев
💥 boom|bum|bum|бум
💫 dizzy|závrať|zawroty|головокружение
💦 drops|kapky|krople|капли
💨 dash|rychle|pęd|рывок
💬 speech|bublina|dymek|реплика
💭 thought|myšlenka|myśl|мысль
💤 zzz|chrápání|chrapanie|храп
👋 wave hello|mávání ahoj|machanie cześć|привет машу
✋ hand stop|dlaň stop|dłoń stop|ладонь стоп
👌 ok|v pořádku|w porządku|окей
✌️ victory|vítězství|zwycięstwo|победа
🤞 fingers crossed|držím palce|trzymam kciuki|скрестил пальцы
🤘 rock|rock|rock|рок
🤙 call me|zavolej|zadzwoń|позвони
👈 left|vlevo|w lewo|влево
👉 right|vpravo|w prawo|вправо
👆 up|nahoru|w górę|вверх
👇 down|dolů|w dół|вниз
👍 thumbs up|palec nahoru|kciuk w górę|палец вверх
👎 thumbs down|palec dolů|kciuk w dół|палец вниз
✊ fist|pěst|pięść|кулак
👊 punch|rána|cios|удар
👏 clap|potlesk|oklaski|аплодисменты
🙌 hooray|hurá|hura|ура
🤝 handshake|podání ruky|uścisk dłoni|рукопожатие
🙏 thanks please|děkuji prosím|dziękuję proszę|спасибо пожалуйста
✍️ writing|píšu|piszę|пишу
💪 strong|síla|siła|сила
👀 eyes|oči|oczy|глаза
🧠 brain|mozek|mózg|мозг
👂 ear|ucho|ucho|ухо
👃 nose|nos|nos|нос
👶 baby|miminko|niemowlę|малыш
👧 girl|dívka|dziewczynka|девочка
👦 boy|chlapec|chłopiec|мальчик
👩 woman|žena|kobieta|женщина
👨 man|muž|mężczyzna|мужчина
👵 grandmother|babička|babcia|бабушка
👴 grandfather|dědeček|dziadek|дедушка
👮 police|policie|policja|полиция
👷 builder|stavař|budowlaniec|строитель
🧑‍💻 developer|programátor|programista|программист
🧑‍🔧 mechanic|mechanik|mechanik|механик
🧑‍⚕️ doctor|lékař|lekarz|врач
🧑‍🏫 teacher|učitel|nauczyciel|учитель
🤷 shrug|pokrčení rameny|wzruszenie ramion|пожимаю плечами
🤦 facepalm|dlaň na čelo|załamka|рука лицо
🙋 raise hand|hlásím se|zgłaszam się|поднял руку
🙇 bow|úklona|ukłon|поклон
💃 dance|tanec|taniec|танец
🏃 run|běh|bieg|бег
🚶 walk|chůze|spacer|прогулка
👪 family|rodina|rodzina|семья
🐶 dog|pes|pies|собака
🐱 cat|kočka|kot|кошка
🐭 mouse|myš|mysz|мышь
🐰 rabbit|králík|królik|кролик
🦊 fox|liška|lis|лиса
🐻 bear|medvěd|niedźwiedź|медведь
🐼 panda|panda|panda|панда
🦁 lion|lev|lew|лев
🐮 cow|kráva|krowa|корова
🐷 pig|prase|świnia|свинья
🐸 frog|žába|żaba|лягушка
🐵 monkey|opice|małpa|обезьяна
🐔 chicken|kuře|kurczak|курица
🐧 penguin|tučňák|pingwin|пингвин
🐦 bird|pták|ptak|птица
🦄 unicorn|jednorožec|jednorożec|единорог
🐝 bee|včela|pszczoła|пчела
🐛 bug|brouk|robak|жук
🦋 butterfly|motýl|motyl|бабочка
🐌 snail|šnek|ślimak|улитка
🐢 turtle|želva|żółw|черепаха
🐟 fish|ryba|ryba|рыба
🐬 dolphin|delfín|delfin|дельфин
🐳 whale|velryba|wieloryb|кит
🐘 elephant|slon|słoń|слон
🌸 blossom|květ|kwiat|цветок
🌹 rose|růže|róża|роза
🌻 sunflower|slunečnice|słonecznik|подсолнух
🌷 tulip|tulipán|tulipan|тюльпан
💐 bouquet|kytice|bukiet|букет
🌲 tree|strom|drzewo|дерево
🍀 clover luck|čtyřlístek štěstí|koniczyna szczęście|клевер удача
🍁 maple leaf|javorový list|liść klonu|кленовый лист
🌍 earth|země|ziemia|земля
🌙 moon|měsíc|księżyc|луна
⭐ star|hvězda|gwiazda|звезда
`;
