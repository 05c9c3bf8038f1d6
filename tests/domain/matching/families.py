"""Names and how they are written elsewhere: one family a line, judged against the first."""
# ruff: noqa: RUF001

FAMILIES = [
    line.split()
    for line in """
Щербаков Shcherbakov Ščerbakov Szczerbakow Scerbakov Schtscherbakow
Чайковский Chaikovskii Tchaikovsky Čajkovskij Czajkowski Tschaikowski
Жуков Zhukov Žukov Żukow Zukov
Хрущёв Khrushchev Chruščov Chruszczow Хрущев Chruschtschow
Юлия Yulia Julija Julia Iuliia Юлія
Наталья Natalia Natalya Natalja Nataliia Наталія
Евгений Evgeny Yevgeny Jevgenij Evgenii Євген
Цой Tsoy Coj Tsoi Coi
Григорий Grigoriy Grigorij Hryhoriy Григорій Grigori
Александр Aleksandr Alexander Oleksandr Олександр Alexandr
Сергей Sergey Sergei Sergej Siergiej Сергій
Шевченко Shevchenko Ševčenko Szewczenko Sevcenko Chevtchenko
Фёдор Fedor Fyodor Fjodor Fiodor Федор
Яковлев Yakovlev Jakovlev Jakowlew Iakovlev Yakowlew
Мария Maria Mariya Marija Mariia Марія
Дмитрий Dmitry Dmitriy Dmitrij Dmytro Дмитро
Ольга Olga Olha Ol'ha Ольга
Вячеслав Vyacheslav Vjačeslav Wiaczesław Viacheslav В'ячеслав
Новицкая Novitskaya Novickaja Nowicka Novická Новицька
Кузнецов Kuznetsov Kuzněcov Kuzniecow Kuznecov Kuznetzov
Ельцин Yeltsin Jelcin Elcin Yeltzin
Горбачёв Gorbachev Gorbačov Gorbaczow Gorbacev Горбачев
Зайцев Zaitsev Zajcev Zajcew Zaytsev Saizew
Хабаров Khabarov Chabarov Chabarow Habarov
Dvořák Dvorak Dvorzak Дворжак Dworzak Dvořáková
Novák Novak Nowak Новак Nováková Novakova
Řehoř Rehor Řehořová Rehorova
Šťastný Stastny Šťastná Stastna
Łukasz Lukasz Lukáš Лукаш Lukas
Kovář Kovar Kovarz Коварж Kovářová
Černý Cerny Černá Cerna Czerny Черный
Svoboda Svobodová Svobodova Swoboda Свобода
Procházka Prochazka Procházková Prochazkova Прохазка
Kučera Kucera Kučerová Kucerova Kuczera Кучера
Hájek Hajek Hájková Hajkova Гайек
Němec Nemec Němcová Nemcova Немец
Krejčí Krejci Krejčová Krejcova Krejczi
Horák Horak Horáková Horakova Горак
Růžička Ruzicka Růžičková Ruzickova
Beneš Benes Benešová Benesova Бенеш
Kowalski Kowalska Kovalski Ковальский Kovalskiy Ковальська
Wiśniewski Wisniewski Wiśniewska Wisniewska Висьневский Visnievski
Wójcik Wojcik Войцик Vojcik
Kowalczyk Kovalchyk Ковальчик Kowalczik
Lewandowski Lewandowska Lewandovski Левандовский Levandovskaya
Zieliński Zielinski Zielińska Zielinska Зелинский Zelinskiy
Szymański Szymanski Szymańska Шиманский Shimanskiy
Woźniak Wozniak Возняк Vozniak Vozňák
Jabłoński Jablonski Jabłońska Яблонский Yablonskiy
Krawczyk Кравчик Kravchik Kravčyk
Piotrowski Piotrowska Пиотровский Piotrovskiy
Grabowski Grabowska Грабовский Grabovskiy Grabovský
Pawłowski Pawlowski Pawłowska Павловский Pavlovskiy Pavlovská
Michalski Michalska Михальский Mikhalskiy
Иванов Ivanov Iwanow Иванова Ivanova Iwanowa
Петров Petrov Petrow Петрова Petrova
Смирнов Smirnov Smirnow Смирнова Smirnova
Попов Popov Popow Попова Popova
Васильев Vasiliev Vasilyev Vasiljev Wasiljew Васильева
Соколов Sokolov Sokolow Соколова Sokolova
Михайлов Mikhailov Michajlov Michajłow Mihailov Михайлова
Морозов Morozov Morozow Морозова Morozova
Волков Volkov Wolkow Волкова Volkova
Бойко Boyko Bojko Boiko
Коваленко Kovalenko Kowalenko Коваленко
Бондаренко Bondarenko Бондаренко
Ткаченко Tkachenko Tkačenko Tkaczenko Tkatchenko
Кравченко Kravchenko Kravčenko Krawczenko
Мельник Melnyk Melnik Мельник
Поліщук Polishchuk Poliščuk Poliszczuk Полищук
Гриценко Hrytsenko Hrycenko Gritsenko
Яценко Yatsenko Jacenko Iatsenko
Катерина Kateryna Kateřina Katerina
Ірина Iryna Irina Ирина Irena
Михайло Mykhailo Mychajlo Michajlo Mikhaylo
Зоряна Zoryana Zorjana Zoriana
""".strip()
    .replace("Екатерина? ", "")
    .splitlines()
]
